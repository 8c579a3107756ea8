"""Trainings in old releases of Ultralytics: what is recorded is what the release held, what it cannot give is said,
and nothing else is different.

``make test`` unpacks the releases of releases.txt into ``.overlays/``, beside the one PyTorch of its environment.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import platform
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.recording.fitness_formula import fitness_formula
from tensorboard_runlens.recording.releases import OLDEST, numbers
from tests.training import outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in ("torch", "pandas", "tqdm")),
        reason="what old releases need is not installed",
    ),
]

OVERLAYS = outcome.ROOT / ".overlays"
RELEASES = Path(__file__).with_name("releases.txt").read_text("utf-8").split()
ALL_TASKS = ["detect", "segment", "classify"]
TASKS = {"8.2.103": ALL_TASKS, "8.3.160": ALL_TASKS}
TRAININGS = [(release, task) for release in RELEASES for task in TASKS.get(release, ["detect"])]

EPOCHS = 4
BLIND = str(EPOCHS)
FINAL = "final"
GROUP_OF_ATTRIBUTE = {"box": "box", "seg": "mask"}
HITS = {"tp": "box_hits", "tp_m": "mask_hits"}
FIELDS = ("precision", "recall", "ap50", "ap50_95", "f1")
NAMES = ["blue", "green", "red"]

# First releases that give it, as the recording itself says.
CURVES = "8.0.197"
MATRICES = "8.0.200"
DETECTIONS = "8.0.235"
IMAGES_OF_A_CLASS = "8.2.26"
ZERO_WITHOUT_HITS = "8.3.79"


class Training(NamedTuple):
    """One training, done twice; ``held`` is what the validator held, by epoch and at the end."""

    release: str
    task: str
    folder: Path
    held: dict[str, Any]

    @property
    def run(self) -> Path:
        return self.folder / "tracked"

    @property
    def finds(self) -> bool:
        return self.task != "classify"

    def gives(self, first: str) -> bool:
        """Whether this release has what ``first`` was the first to have."""
        return numbers(self.release) >= numbers(first)

    def repeats(self, epoch: str) -> bool:
        """Whether the numbers are those of an epoch before, since nothing was found."""
        return self.finds and not self.held[epoch]["hit"] and not self.gives(ZERO_WITHOUT_HITS)

    def lines(self) -> dict[str, dict[str, Any]]:
        return {str(line["epoch"]): line for line in outcome.lines(self.run)}

    def archive(self, name: str) -> dict[str, Any]:
        with np.load(self.run / "runlens" / name) as archive:
            return dict(archive)

    def stats(self, epoch: str) -> dict[str, Any]:
        """What went into the metrics, by detection; empty where the release holds it otherwise."""
        with np.load(self.folder / f"stats_{epoch}.npz") as archive:
            return dict(archive)


@pytest.fixture(scope="module")
def train(tmp_path_factory):
    """Trains all tasks of a release, once."""

    @functools.cache
    def trained(release: str) -> Path:
        overlay = OVERLAYS / release
        if not (overlay / "ultralytics").is_dir():
            pytest.skip(f"Ultralytics {release} is not unpacked in {OVERLAYS.name}/")
        folder = tmp_path_factory.mktemp(release)
        job = {"tasks": TASKS.get(release, ["detect"]), "epochs": EPOCHS}
        with pytest.MonkeyPatch.context() as patched:
            path = os.pathsep.join([str(overlay), os.environ.get("PYTHONPATH", "")])
            patched.setenv("PYTHONPATH", path)
            outcome.run_program("across_releases.py", folder, job)
        return folder

    return trained


@pytest.fixture(params=TRAININGS, ids="-".join)
def training(request, train) -> Training:
    (release, task) = request.param
    folder = train(release) / task
    held = json.loads((folder / "held.json").read_text("utf-8"))
    assert list(held) == [*map(str, range(1, EPOCHS + 1)), FINAL]
    return Training(release, task, folder, held)


def test_nothing_is_found_in_the_last_epoch(training):
    """What the next tests are about."""
    hits = [held.get("hit") for held in training.held.values()]
    assert hits[EPOCHS - 1] is (False if training.finds else None)


def test_the_oldest_is_the_one_that_is_claimed():
    assert min(RELEASES, key=numbers) == OLDEST


def test_this_release_was_recorded(training):
    found = outcome.recorded(training.run, "manifest.json")
    assert found["version"] == training.release
    assert found["python"] == platform.python_version()
    assert (found["task"], found["names"]) == (training.task, NAMES)
    assert found["images"] == {"train": 24, "val": 7}
    assert found["optimizer"]["name"] == "AdamW"


def test_every_epoch_is_numbered_as_in_the_table(training):
    table = [int(row["epoch"]) for row in stripped(training.run)]
    assert [int(epoch) for epoch in training.lines()] == table == list(range(1, EPOCHS + 1))


def test_classes_have_the_numbers_of_the_framework(training):
    if not training.finds:
        return
    final = outcome.recorded(training.run, "final.json")
    learned = {"box": 0.0, "mask": 0.0}
    for epoch, line in {**training.lines(), FINAL: final}.items():
        held = training.held[epoch]
        if training.repeats(epoch):
            assert not {"classes", "box", "mask"} & line.keys()
            assert line.get("fitness") is None
            continue
        assert line.get("fitness") == held.get("fitness")
        assert line["classes"] == held["classes"] == [0, 2]
        assert line["instances"] == [held["nt_per_class"][number] for number in held["classes"]]
        for attribute in held.keys() & GROUP_OF_ATTRIBUTE.keys():
            group = line[GROUP_OF_ATTRIBUTE[attribute]]
            assert [list(row) for row in zip(*(group[name] for name in FIELDS))] == held[attribute][
                "rows"
            ]
            learned[GROUP_OF_ATTRIBUTE[attribute]] += sum(group["ap50"])
    assert learned["box"] > 0.05
    assert learned["mask"] > 0.05 or training.task != "segment"


def test_classification_counts_its_matrix(training):
    if training.finds:
        return
    for epoch, line in training.lines().items():
        matrix = np.array(training.held[epoch]["matrix"])
        assert line["fitness"] == training.held[epoch]["fitness"]
        assert line["classes"] == np.flatnonzero(matrix.sum(0)).tolist() == [0, 2]
        recall = (matrix.diagonal() / np.maximum(matrix.sum(0), 1))[line["classes"]]
        assert line["classify"]["recall"] == recall.tolist()


def test_the_optimum_is_the_frameworks(training):
    if not (training.finds and training.gives(CURVES)):
        return
    compared = 0
    for epoch, line in training.lines().items():
        for attribute in training.held[epoch].keys() & GROUP_OF_ATTRIBUTE.keys():
            held = training.held[epoch][attribute]
            optimum = line.get(GROUP_OF_ATTRIBUTE[attribute], {}).get("optimum")
            if training.repeats(epoch) or not any(row[-1] for row in held["rows"]):
                assert optimum is None
                continue
            compared += 1
            assert optimum["confidence"] == held["confidence"]
    assert compared


def test_numbers_are_those_of_the_table(training):
    """The means over the classes, which the release has rounded to five digits or decimals."""
    if not training.finds:
        return
    columns = {"precision": "precision", "recall": "recall", "ap50": "mAP50", "ap50_95": "mAP50-95"}
    for row, (epoch, line) in zip(stripped(training.run), training.lines().items()):
        if training.repeats(epoch):
            continue
        for name, column in columns.items():
            written = float(row[f"metrics/{column}(B)"])
            assert np.mean(line["box"][name]) == pytest.approx(written, abs=1e-5)


@pytest.mark.parametrize("name", ["curves_best.npz", "final.npz"])
def test_detections_are_those_of_the_framework(training, name):
    if not training.finds:
        return
    arrays = training.archive(name) if (training.run / "runlens" / name).exists() else {}
    if not training.gives(DETECTIONS):
        assert "detection_step" not in arrays
        return
    stats = training.stats(best_epoch(training) if name == "curves_best.npz" else FINAL)
    assert decoded(arrays) == expected(stats)
    truth = np.repeat(arrays["truth_class"], arrays["truth_count"])
    assert sorted(truth) == sorted(stats["target_cls"].astype(int))
    assert arrays["images"] == 7


def test_the_archive_is_of_the_best_epoch_that_was_measured(training):
    if training.finds and not training.gives(CURVES):
        assert not (training.run / "runlens" / "curves_best.npz").exists()
        return
    assert training.archive("curves_best.npz")["epoch"] == int(best_epoch(training))


def test_curves_are_the_means_over_the_classes(training):
    if not (training.finds and training.gives(CURVES)):
        return
    arrays = training.archive("curves_best.npz")
    assert arrays["classes"].tolist() == [0, 2]
    assert arrays["confidence"].shape == arrays["box_f1"].shape == (1000,)
    line = training.lines()[best_epoch(training)]
    optimum = line["box"]["optimum"]
    place = np.abs(arrays["confidence"] - optimum["confidence"]).argmin()
    assert arrays["box_f1"][place] == pytest.approx(optimum["f1"], rel=1e-6)


def test_the_machine_is_recorded(training):
    for line in training.lines().values():
        machine = line["machine"]
        assert (machine["batches"], machine["images"]) == (6, 24)
        assert 0 < machine["compute_seconds"] < line["seconds"]
        assert machine["data_seconds"] > 0 and machine["cpu_seconds"] > 0


def test_what_was_asked_for_is_recorded(training):
    for epoch, line in training.lines().items():
        gradients = line["gradients"]
        assert (gradients["steps"], gradients["not_finite"]) == (6, 0)
        assert 0 < gradients["norm"]["p5"] <= gradients["norm"]["max"]
        if training.finds and training.gives(MATRICES):
            assert line["matrix"]["confidence"] == 0.25
            objects = sum(count for (_, true, count) in line["matrix"]["nonzero"] if true < 3)
            assert objects == 6, epoch


def test_the_matrix_of_best_pt_has_every_object_at_every_confidence(training):
    arrays = training.archive("final.npz")
    objects = arrays["matrix_nonzero"][:, 2] < len(NAMES)
    steps = arrays["matrix_nonzero"][objects, 0]
    counts = np.bincount(steps, weights=arrays["matrix_count"][objects])
    expected_counts = np.full(len(arrays["matrix_confidence"]), 6 if training.finds else 7)
    assert counts.tolist() == expected_counts.tolist()


def test_what_is_not_there_is_what_was_said_to_be_missing(training):
    missing = " ".join(outcome.recorded(training.run, "manifest.json")["missing"])
    firsts = (CURVES, MATRICES, DETECTIONS, IMAGES_OF_A_CLASS, ZERO_WITHOUT_HITS)
    said = {first: f"(needs Ultralytics {first})" in missing for first in firsts}
    if not training.finds:
        assert not any(said.values())
        return
    (line, blind) = (training.lines()[epoch] for epoch in (best_epoch(training), BLIND))
    assert said == {
        CURVES: line["box"]["optimum"] is None,
        MATRICES: "matrix" not in line,
        DETECTIONS: "detection_step" not in training.archive("final.npz"),
        IMAGES_OF_A_CLASS: line["images"] is None,
        ZERO_WITHOUT_HITS: "box" not in blind,
    }


def test_the_formula_of_the_fitness_is_the_one_it_was_made_by(training):
    formula = fitness_formula(training.task, numbers(training.release))
    for row, held in zip(stripped(training.run), training.held.values()):
        values = {name: float(cell) for (name, cell) in row.items()}
        assert computed(formula, values) == pytest.approx(held["fitness"], abs=1.1e-5)


def test_the_training_is_the_same_as_without(training):
    (plain, tracked) = (training.folder / name for name in ("plain", "tracked"))
    assert outcome.table(tracked) == outcome.table(plain)
    assert outcome.arguments(tracked) == outcome.arguments(plain)
    assert outcome.of_the_framework(outcome.scalars(tracked)) == outcome.scalars(plain)
    assert outcome.files(tracked) == outcome.files(plain)
    weights = json.loads((training.folder / "weights.json").read_text("utf-8"))
    assert weights["tracked"] == weights["plain"]
    assert outcome.event_files(plain) == outcome.event_files(tracked) == 1
    assert not (plain / "runlens").exists()


def test_the_run_is_read_with_what_was_recorded(training):
    run = open_run(str(training.run))
    assert run.problems == ()
    assert run.version is not None and run.version.min == training.release
    assert run.recorded is not None and run.recorded.best is not None
    if training.finds:
        assert run.recorded.best.epoch == int(best_epoch(training))
        assert [line.name for line in run.classes] == ["blue", "red"]


def stripped(run: Path) -> list[dict[str, str]]:
    """Up to 8.3.8 the table's cells are padded."""
    return [{name.strip(): cell for (name, cell) in row.items()} for row in outcome.table(run)]


def best_epoch(training: Training) -> str:
    """The last that the framework kept as best.pt, of those that measured something."""
    epochs = map(str, range(1, EPOCHS + 1))
    return [
        epoch for epoch in epochs if training.held[epoch]["best"] and not training.repeats(epoch)
    ][-1]


def computed(formula: str, values: dict[str, float]) -> float:
    """The fitness of a row of the table."""
    if "accuracy" in formula:
        return (values["metrics/accuracy_top1"] + values["metrics/accuracy_top5"]) / 2
    (coarse, fine) = (0.1, 0.9) if formula.startswith("0.1") else (0.0, 1.0)
    letters = "BM" if "box and mask" in formula else "B"
    return sum(
        coarse * values[f"metrics/mAP50({letter})"] + fine * values[f"metrics/mAP50-95({letter})"]
        for letter in letters
    )


def decoded(arrays: dict[str, Any]) -> Counter[tuple[int, ...]]:
    """Confidence's bits, image, class and hits of every detection, as docs/recorded_data.md says."""
    bits = np.cumsum(arrays["detection_step"], dtype=np.uint32)
    hits = [arrays[name] for name in HITS.values() if name in arrays]
    columns = [bits, arrays["detection_image"], arrays["detection_class"], *hits]
    return Counter(zip(*(column.tolist() for column in columns)))


def expected(stats: dict[str, Any]) -> Counter[tuple[int, ...]]:
    """The same of what the framework held."""
    weights = 1 << np.arange(10)
    hits = [(stats[name].reshape(-1, 10) * weights).sum(1) for name in HITS if name in stats]
    bits = stats["conf"].astype(np.float32).view(np.uint32)
    columns = [bits, stats["image"], stats["pred_cls"].astype(int), *hits]
    return Counter(zip(*(column.astype(int).tolist() for column in columns)))
