"""A tracked training beside the same one untracked: what is recorded is what the framework measured, and nothing else
is different."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tensorboard_runlens.catalog import open_run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("tracked.py")
MODELS = {"detect": "yolo11n.yaml", "segment": "yolo11n-seg.yaml"}
NAMES = ["disc", "square", "ring"]
EPOCHS = 5
# Enough steps that the metrics leave zero.
JOB = {
    "images": [64, 16],
    "epochs": EPOCHS,
    "optimizer": "AdamW",
    "lr0": 0.001,
    "lrf": 1.0,
    "batch": 4,
    "nbs": 4,
}
GROUP_OF_ATTRIBUTE = {"box": "box", "seg": "mask"}
FIELDS = ("precision", "recall", "ap50", "ap50_95", "f1")


@pytest.fixture(scope="module", params=MODELS)
def folder(request, tmp_path_factory) -> Path:
    """The folder with both runs, ``plain`` and ``tracked``, and what the framework measured."""
    folder = tmp_path_factory.mktemp("tracked")
    job = json.dumps({**JOB, "model": MODELS[request.param]})
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(PROGRAM), str(folder), job]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": path})
    return folder


@pytest.fixture(scope="module")
def tracked(folder) -> Path:
    return next(folder.glob("runs/*/tracked"))


@pytest.fixture(scope="module")
def plain(folder) -> Path:
    return next(folder.glob("runs/*/plain"))


@pytest.fixture(scope="module")
def measured(folder) -> list[dict[str, Any]]:
    """By epoch, what Ultralytics' validator held."""
    found = json.loads((folder / "measured.json").read_text("utf-8"))
    assert list(found) == [str(epoch) for epoch in range(1, EPOCHS + 1)]
    return list(found.values())


def recorded(run: Path) -> list[dict[str, Any]]:
    text = (run / "runlens" / "epochs.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def manifest(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    return found


def rows_without_time(run: Path) -> list[dict[str, str]]:
    with open(run / "results.csv", encoding="utf-8") as file:
        return [
            {name: cell for (name, cell) in row.items() if name != "time"}
            for row in csv.DictReader(file)
        ]


def scalars(run: Path) -> dict[str, list[tuple[int, float]]]:
    events = EventAccumulator(str(run)).Reload()
    return {
        tag: [(event.step, event.value) for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def test_every_epoch_is_recorded_once(tracked):
    lines = recorded(tracked)
    assert [line["epoch"] for line in lines] == list(range(1, EPOCHS + 1))
    assert all(line["seconds"] > 0 for line in lines)


def test_classes_have_the_numbers_of_the_framework(tracked, measured):
    assert sum(sum(map(sum, found["box"]["rows"])) for found in measured) > 0
    for line, found in zip(recorded(tracked), measured):
        assert line["fitness"] == found["fitness"]
        assert line["classes"] == found["classes"]
        assert line["instances"] == [found["instances"][number] for number in found["classes"]]
        for attribute in found.keys() & GROUP_OF_ATTRIBUTE.keys():
            group = line[GROUP_OF_ATTRIBUTE[attribute]]
            rows = [list(row) for row in zip(*(group[name] for name in FIELDS))]
            assert rows == found[attribute]["rows"]


def test_the_optimum_is_the_frameworks(tracked, measured):
    compared = 0
    for line, found in zip(recorded(tracked), measured):
        for attribute in found.keys() & GROUP_OF_ATTRIBUTE.keys():
            optimum = line[GROUP_OF_ATTRIBUTE[attribute]]["optimum"]
            if optimum is None:
                assert found[attribute]["f1"] == 0
                continue
            compared += 1
            assert optimum["confidence"] == found[attribute]["confidence"]
            assert optimum["f1"] == pytest.approx(found[attribute]["f1"], rel=1e-12)
    assert compared


def test_the_manifest_tells_what_no_other_file_does(tracked):
    found = manifest(tracked)
    assert found["version"] == importlib.metadata.version("ultralytics")
    assert found["names"] == NAMES
    assert found["images"] == dict(zip(("train", "val"), JOB["images"]))
    assert found["optimizer"]["name"] == "AdamW"
    assert found["arguments"]["data"].startswith("…/")


def test_the_training_is_the_same_as_without(plain, tracked):
    assert rows_without_time(tracked) == rows_without_time(plain)
    assert scalars(tracked) == scalars(plain)
    assert not (plain / "runlens").exists()


def test_no_event_file_is_added(plain, tracked):
    for run in (plain, tracked):
        assert len(list(run.glob("*tfevents*"))) == 1


def test_a_run_shows_its_classes(tracked, measured):
    run = open_run(str(tracked))
    assert run.problems == ()
    assert run.recorded is not None and run.recorded.best is not None
    best = measured[run.recorded.best.epoch - 1]
    assert best["fitness"] == max(found["fitness"] for found in measured)
    assert [line.name for line in run.classes] == [NAMES[number] for number in best["classes"]]
    for line, row in zip(run.classes, best["box"]["rows"]):
        assert [line.metrics["box"][name] for name in ("precision", "recall", "map50")] == row[:3]


def test_the_command_lists_the_classes(tracked):
    command = [sys.executable, "-m", "tensorboard_runlens.cli", "show", str(tracked)]
    printed = subprocess.check_output(command, cwd=ROOT, text=True, encoding="utf-8")
    for name, count in zip(NAMES, instances(tracked)):
        (line,) = (one for one in printed.splitlines() if one.startswith(f"class {name}:"))
        assert f"n = {count}" in line


def instances(run: Path) -> list[int]:
    counts: list[int] = recorded(run)[-1]["instances"]
    return counts
