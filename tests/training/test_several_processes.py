"""Real trainings in two processes: one recording, by the first of them, of what both have done.

Where callbacks are handed on to the processes, and where only the trainer's class is.
"""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training import outcome

HERE = Path(__file__).parent
OVERLAYS = Path(__file__).parents[2] / ".overlays"
NEW = "newest"
OLD = ("8.4.36", "8.3.160")
"""Hand no callbacks on. The first validates in all processes, the second in one."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

(TRAINED_ON, VALIDATED, EPOCHS) = (24, 9, 2)
CLASSES = 3
# Enough steps that the metrics leave zero. Each process has half of a batch.
JOB = {
    "trainer": "PlainTrainer",
    "tracked": True,
    "images": [TRAINED_ON, VALIDATED],
    "epochs": EPOCHS,
    "optimizer": "AdamW",
    "lr0": 0.005,
    "lrf": 1.0,
    "warmup_epochs": 0,
    "mosaic": 0,
    "batch": 4,
    "nbs": 4,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The same training twice, ``tracked`` and ``plain``."""
    if importlib.util.find_spec("cloudpickle") is None:
        pytest.skip("cloudpickle is not installed, which Ultralytics needs for several processes")
    folder = tmp_path_factory.mktemp("together")
    for name in ("plain", "tracked"):
        tracked = name == "tracked"
        job = {**JOB, "tracked": tracked, "plots": tracked, "name": name}
        outcome.run_program("together.py", folder, job)
    return folder


@pytest.fixture(scope="module")
def new(folder) -> Path:
    """The tracked run of the newest release: callbacks that were handed on."""
    return folder / "runs" / "tracked"


def by_class(release: str, folder: Path) -> Path:
    """A run of an old release: a trainer that the framework's file imports by its name."""
    overlay = OVERLAYS / release
    if not overlay.is_dir():
        pytest.skip(f"Ultralytics {release} is not installed in {OVERLAYS.name}")
    job = {**JOB, "trainer": "RecordingTrainer", "name": "tracked", "plots": False}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join([str(overlay), str(HERE)]))
        outcome.run_program("together.py", folder, job)
    return folder / "runs" / "tracked"


@pytest.fixture(scope="module", params=[NEW, *OLD])
def run(request, tmp_path_factory) -> Path:
    """The tracked run of each release."""
    if request.param != NEW:
        return by_class(request.param, tmp_path_factory.mktemp("by_class"))
    path: Path = request.getfixturevalue("new")
    return path


def recorded(run: Path) -> list[dict[str, Any]]:
    text = (run / "runlens" / "epochs.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def final(run: Path) -> dict[str, Any]:
    with np.load(run / "runlens" / "final.npz") as archive:
        return dict(archive)


def matrices(run: Path) -> np.ndarray:
    """By confidence, rows predicted, columns true."""
    arrays = final(run)
    counts = np.zeros((len(arrays["matrix_confidence"]), CLASSES + 1, CLASSES + 1), int)
    counts[tuple(arrays["matrix_nonzero"].T)] = arrays["matrix_count"]
    return counts


def test_there_is_one_recording_of_two_processes(run):
    found = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    assert found["world_size"] == 2
    assert found["images"] == {"train": TRAINED_ON, "val": VALIDATED}
    assert [path.parent for path in run.parent.rglob("runlens")] == [run]


def test_every_epoch_is_recorded_once(run):
    assert [line["epoch"] for line in recorded(run)] == list(range(1, EPOCHS + 1))


def test_the_classes_have_the_numbers_of_all_images(run):
    rows = outcome.table(run)
    assert any(float(row["metrics/mAP50-95(B)"]) for row in rows)
    objects = (run.parents[1] / "shapes" / "labels" / "val").glob("*.txt")
    expected = sum(len(path.read_text("utf-8").splitlines()) for path in objects)
    for line, row in zip(recorded(run), rows):
        assert sum(line["instances"]) == expected
        for name, column in (
            ("precision", "precision"),
            ("recall", "recall"),
            ("ap50_95", "mAP50-95"),
        ):
            mean = np.mean(line["box"][name])
            assert mean == pytest.approx(float(row[f"metrics/{column}(B)"]), abs=0.5e-5)


def test_the_detections_are_those_of_all_images(run):
    arrays = final(run)
    assert arrays["images"] == VALIDATED
    assert np.unique(arrays["truth_image"]).tolist() == list(range(VALIDATED))
    assert len(np.unique(arrays["detection_image"])) > VALIDATED // 2


def test_the_matrix_counts_every_object_at_every_confidence(run):
    assert matrices(run)[:, :, :CLASSES].sum((1, 2)).tolist() == [
        sum(recorded(run)[-1]["instances"])
    ] * len(final(run)["matrix_confidence"])


def test_the_matrix_is_the_frameworks(new):
    """Which counts from the least confidence on."""
    assert matrices(new)[0].tolist() == np.load(new.with_name("tracked_matrix.npy")).tolist()


def test_the_worst_images_are_looked_for_among_all(run):
    told = json.loads((run / "runlens" / "final.json").read_text("utf-8"))["worst"]
    shown = {image["image"] for image in told}
    assert shown == {path.name for path in (run.parents[1] / "shapes/images/val").iterdir()}


def test_what_was_handed_over_is_gone(run):
    assert list((run / "runlens").glob("rank_*")) == []


def test_the_other_process_records_nothing(new):
    (first, second) = (
        json.loads(new.with_name(f"tracked_rank_{rank}.json").read_text("utf-8")) for rank in (0, 1)
    )
    assert first == {"trainer": "Tracking", "validator": "Tracking"}
    assert second == {"trainer": "NoneType", "validator": "Share"}


def test_the_training_is_the_same_as_without(folder, new):
    plain = folder / "runs" / "plain"
    assert outcome.table(new) == outcome.table(plain)
    assert not (plain / "runlens").exists()
