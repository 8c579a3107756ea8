"""A tracked training of every task beside the same one untracked: what is recorded is what the framework measured and
printed, and nothing else is different."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tests.training import outcome
from tests.training.conftest import TASKS, TASKS_JOB

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

NAMES = ["disc", "square", "ring"]
EPOCHS: int = TASKS_JOB["epochs"]
GROUP_OF_ATTRIBUTE = {"box": "box", "seg": "mask", "pose": "pose"}
LETTER_OF_GROUP = {"box": "B", "mask": "M", "pose": "P"}
TABLE_OF_FIELD = {
    "precision": "precision",
    "recall": "recall",
    "ap50": "mAP50",
    "ap50_95": "mAP50-95",
}
FIELDS = (*TABLE_OF_FIELD, "f1")
PRINTED_CLASS = re.compile(r" *(?P<name>\w+) +(?P<images>\d+) +(?P<instances>\d+) +(?P<rest>.+)")


@pytest.fixture(params=TASKS)
def folder(request, trained) -> Path:
    return trained / request.param


@pytest.fixture(params=[task for task in TASKS if task != "classify"])
def of_detections(request, trained) -> Path:
    """The folder of a task whose metrics are made of detections."""
    return trained / request.param


def measured(folder: Path) -> dict[str, dict[str, Any]]:
    """What Ultralytics' validator held, by epoch and at the end."""
    found: dict[str, dict[str, Any]] = json.loads((folder / "measured.json").read_text("utf-8"))
    assert list(found) == [*(str(epoch) for epoch in range(1, EPOCHS + 1)), "final"]
    return found


def recorded_beside_measured(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Lines of epochs and final.json, each with what the validator held."""
    run = folder / "tracked"
    recorded = [*outcome.lines(run), outcome.recorded(run, "final.json")]
    return list(zip(recorded, measured(folder).values()))


def groups(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Attribute of the validator's metrics and what the recording calls it."""
    return [(name, group) for (name, group) in GROUP_OF_ATTRIBUTE.items() if name in found]


def test_every_epoch_is_recorded_once(folder):
    lines = outcome.lines(folder / "tracked")
    assert [line["epoch"] for line in lines] == list(range(1, EPOCHS + 1))
    assert all(line["seconds"] > 0 for line in lines)


def test_the_trainings_measured_something(of_detections):
    (best, *_) = sorted(
        (found["fitness"] for found in list(measured(of_detections).values())[:-1]), reverse=True
    )
    assert best > 0


def test_classes_have_the_numbers_of_the_framework(of_detections):
    for recorded, found in recorded_beside_measured(of_detections):
        assert recorded.get("fitness") == found.get("fitness")
        assert recorded["classes"] == found["classes"]
        for counted in ("images", "instances"):
            assert recorded[counted] == [found[counted][number] for number in found["classes"]]
        assert groups(found)
        for attribute, group in groups(found):
            rows = [list(row) for row in zip(*(recorded[group][name] for name in FIELDS))]
            assert rows == found[attribute]["rows"]


def test_the_means_of_the_classes_are_the_table(of_detections):
    run = of_detections / "tracked"
    for line, row in zip(outcome.lines(run), outcome.table(run)):
        for group in LETTER_OF_GROUP.keys() & line.keys():
            for field, name in TABLE_OF_FIELD.items():
                written = row[f"metrics/{name}({LETTER_OF_GROUP[group]})"]
                assert f"{round(np.mean(line[group][field]), 5):.6g}" == written


def test_the_optimum_is_the_frameworks(of_detections):
    compared = 0
    for recorded, found in recorded_beside_measured(of_detections):
        for attribute, group in groups(found):
            optimum = recorded[group]["optimum"]
            if optimum is None:
                assert found[attribute]["f1"] == 0
                continue
            compared += 1
            assert optimum["confidence"] == found[attribute]["confidence"]
            assert optimum["f1"] == pytest.approx(found[attribute]["f1"], rel=1e-12)
    assert compared


def test_precision_and_recall_lie_on_the_curves_at_the_optimum(of_detections):
    """At that point of the framework's own curves, whatever chose it."""
    run = of_detections / "tracked"
    for line in outcome.lines(run):
        curves = np.load(of_detections / f"curves_{line['epoch']}.npz")
        for attribute, group in GROUP_OF_ATTRIBUTE.items():
            if not line.get(group, {}).get("optimum"):
                continue
            confidence = curves[f"{attribute}_px"]
            (at,) = np.flatnonzero(confidence == line[group]["optimum"]["confidence"])
            assert line[group]["precision"] == curves[f"{attribute}_p_curve"][:, at].tolist()
            assert line[group]["recall"] == curves[f"{attribute}_r_curve"][:, at].tolist()


def test_classification_counts_what_was_predicted(trained):
    folder = trained / "classify"
    for recorded, found in recorded_beside_measured(folder):
        (predicted, true) = (np.array(found["predicted"]), np.array(found["true"]))
        classes = np.unique(true)
        assert recorded["classes"] == classes.tolist()
        assert recorded["instances"] == [int((true == number).sum()) for number in classes]
        group = recorded["classify"]
        for row, number in enumerate(classes):
            right = int(((true == number) & (predicted == number)).sum())
            assert group["recall"][row] == right / (true == number).sum()
            claimed = int((predicted == number).sum())
            assert group["precision"][row] == (right / claimed if claimed else None)


def test_recall_of_all_images_is_the_accuracy(trained):
    run = trained / "classify" / "tracked"
    for line, row in zip(outcome.lines(run), outcome.table(run)):
        right = np.dot(line["classify"]["recall"], line["instances"])
        accuracy = float(row["metrics/accuracy_top1"])
        assert right / sum(line["instances"]) == pytest.approx(accuracy, abs=5e-6)


def test_what_was_printed_last_is_the_final_metrics(of_detections):
    """Ultralytics prints a class a line, counts and then three digits of each metric."""
    final = outcome.recorded(of_detections / "tracked", "final.json")
    found = [group for group in LETTER_OF_GROUP if group in final]
    expected = [
        [
            NAMES[number],
            str(final["images"][row]),
            str(final["instances"][row]),
            *(f"{final[group][name][row]:.3g}" for group in found for name in TABLE_OF_FIELD),
        ]
        for row, number in enumerate(final["classes"])
    ]
    assert printed_classes(of_detections) == expected


def printed_classes(folder: Path) -> list[list[str]]:
    printed = (folder / "printed.txt").read_text("utf-8").splitlines()
    matches = filter(None, map(PRINTED_CLASS.fullmatch, printed))
    return [match[0].split() for match in matches if match["name"] in NAMES]


def test_the_manifest_tells_what_no_other_file_does(folder):
    found = outcome.recorded(folder / "tracked", "manifest.json")
    assert found["version"] == importlib.metadata.version("ultralytics")
    assert found["task"] == folder.name
    assert sorted(found["names"]) == sorted(NAMES)
    assert found["optimizer"]["name"] == "AdamW"
    assert found["arguments"]["data"].startswith("…/")


def test_the_manifest_counts_images(trained):
    found = outcome.recorded(trained / "detect" / "tracked", "manifest.json")
    assert found["images"] == dict(zip(("train", "val"), TASKS_JOB["images"]))


def test_the_training_is_the_same_as_without(folder):
    (plain, tracked) = (folder / "plain", folder / "tracked")
    assert outcome.table(tracked) == outcome.table(plain)
    assert outcome.arguments(tracked) == outcome.arguments(plain)
    assert outcome.files(tracked) == outcome.files(plain)
    tags = outcome.scalars(plain)
    assert tags and outcome.of_the_framework(outcome.scalars(tracked)) == tags
    assert not (plain / "runlens").exists()


def test_the_weights_are_the_same_as_without(folder):
    weights = json.loads((folder / "weights.json").read_text("utf-8"))
    for name, contents in weights["plain"].items():
        assert len(contents) > 10
        assert weights["tracked"][name] == contents


def test_no_event_file_is_added(folder):
    for run in ("plain", "tracked"):
        assert outcome.event_files(folder / run) == 1


def test_a_run_shows_its_classes(of_detections):
    run = open_run(str(of_detections / "tracked"))
    assert run.problems == ()
    assert run.recorded is not None and run.recorded.best is not None
    found = measured(of_detections)
    best = found[str(run.recorded.best.epoch)]
    assert best["fitness"] == max(one["fitness"] for one in list(found.values())[:-1])
    assert [line.name for line in run.classes] == [NAMES[number] for number in best["classes"]]
    for line, row in zip(run.classes, best["box"]["rows"]):
        assert [line.metrics["box"][name] for name in ("precision", "recall", "map50")] == row[:3]


def test_the_command_lists_the_classes(trained):
    run = trained / "detect" / "tracked"
    command = [sys.executable, "-m", "tensorboard_runlens.cli", "show", str(run)]
    printed = subprocess.check_output(command, cwd=outcome.ROOT, text=True, encoding="utf-8")
    for name, count in zip(NAMES, outcome.lines(run)[-1]["instances"]):
        (line,) = (one for one in printed.splitlines() if one.startswith(f"class {name}:"))
        assert f"n = {count}" in line
