"""What RunLens reads from a run that Ultralytics has just written, with and without its table."""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

ROOT = Path(__file__).parents[2]
SHAPES = Path(__file__).with_name("shapes.py")
MODELS = {"detect": "yolo11n.yaml", "segment": "yolo11n-seg.yaml"}
EPOCHS = 5
EVERY_EPOCH = list(range(1, EPOCHS + 1))
# Enough steps that the metrics leave zero: then there is one best epoch, not only ties.
JOB = {
    "name": "small",
    "images": [64, 16],
    "epochs": EPOCHS,
    "optimizer": "AdamW",
    "lr0": 0.001,
    "lrf": 1.0,
    "batch": 4,
    "nbs": 4,
}


@pytest.fixture(scope="module", params=MODELS)
def trained(request, tmp_path_factory) -> Path:
    """The run folder of a finished training; its parent is named after the task."""
    folder = tmp_path_factory.mktemp("training")
    job = json.dumps({**JOB, "model": MODELS[request.param]})
    subprocess.run([sys.executable, str(SHAPES), str(folder), job], check=True)
    return folder / "runs" / request.param / "small"


@pytest.fixture
def events_only(trained, tmp_path) -> Path:
    """The same run without its result table."""
    return shutil.copytree(trained, tmp_path / "small", ignore=shutil.ignore_patterns("*.csv"))


def show(run: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tensorboard_runlens.cli", "show", str(run), "--json"]
    answer = json.loads(subprocess.check_output(command, cwd=ROOT))
    assert answer["ok"]
    return answer["run"]


def fitness_in_table(run: Path) -> list[float]:
    """Ultralytics' own yardstick: mAP50-95, that of boxes and masks added up."""
    with open(run / "results.csv", encoding="utf-8") as file:
        return [
            sum(float(cell) for name, cell in row.items() if "mAP50-95" in name)
            for row in csv.DictReader(file)
        ]


def last_best_epoch(fitness: list[float]) -> int:
    return max(EVERY_EPOCH, key=lambda epoch: (fitness[epoch - 1], epoch))


def test_a_finished_training_is_read(trained):
    run = show(trained)
    assert (run["framework"], run["task"]) == ("ultralytics", trained.parent.name)
    assert run["state"] == "finished"
    assert run["weights"]["use"] == "weights/best.pt"
    assert run["problems"] == []


def test_epochs_are_those_trained(trained):
    fitness = fitness_in_table(trained)
    assert max(fitness) > 0
    run = show(trained)
    expected = {"rows": EPOCHS, "logged": EPOCHS, "first": 1, "last": EPOCHS, "planned": EPOCHS}
    assert expected.items() <= run["epochs"].items()
    assert run["epochs"]["best"] == last_best_epoch(fitness)
    assert run["series"]["epoch"] == EVERY_EPOCH


def test_event_file_has_a_step_that_is_no_epoch(trained):
    """What the next test is about: best.pt, validated once more, is logged as one step further."""
    events = EventAccumulator(str(trained)).Reload()
    steps = [event.step for event in events.Scalars("metrics/mAP50-95(B)")]
    assert steps == [*EVERY_EPOCH, EPOCHS + 1]


def test_events_alone_tell_the_same_epochs(trained, events_only):
    (with_table, without) = (show(trained), show(events_only))
    assert without["framework"] == "ultralytics"
    assert without["series"]["epoch"] == EVERY_EPOCH
    for name in ("logged", "first", "last", "planned", "best"):
        assert without["epochs"][name] == with_table["epochs"][name]
