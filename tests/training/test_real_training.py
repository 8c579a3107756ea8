"""What RunLens reads from a run that Ultralytics has just written, with and without its table."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import console
from tensorboard_runlens.formats.checkpoint import read_checkpoint

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
PRINTED = "train.log"
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
    """The run folder of a finished training with what it printed; its parent is named after the task."""
    folder = tmp_path_factory.mktemp("training")
    job = json.dumps({**JOB, "model": MODELS[request.param]})
    with open(folder / PRINTED, "wb") as log:
        command = [sys.executable, str(SHAPES), str(folder), job]
        subprocess.run(command, check=True, stdout=log, stderr=subprocess.STDOUT)
    run = folder / "runs" / request.param / "small"
    return Path(shutil.move(folder / PRINTED, run / PRINTED)).parent


@pytest.fixture
def events_only(trained, tmp_path) -> Path:
    """The same run without its result table."""
    return copy_without(trained, tmp_path, "*.csv", PRINTED)


def show(run: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tensorboard_runlens.cli", "show", str(run), "--json"]
    answer = json.loads(subprocess.check_output(command, cwd=ROOT))
    assert answer["ok"]
    return answer["run"]


def copy_without(trained: Path, folder: Path, *names: str) -> Path:
    """A copy of the run that lacks some of its files."""
    return shutil.copytree(trained, folder / "small", ignore=shutil.ignore_patterns(*names))


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


@pytest.mark.parametrize("name", ["best.pt", "last.pt"])
def test_the_checkpoint_names_its_release_and_its_epoch(trained, name):
    found = read_checkpoint(Folder(str(trained / "weights")), name)
    assert found.problems == ()
    assert found.version == importlib.metadata.version("ultralytics")
    assert (found.finished, found.task, found.logged) == (True, trained.parent.name, EPOCHS)
    assert found.names == ("disc", "square", "ring")
    best = last_best_epoch(fitness_in_table(trained))
    assert found.epoch_of_weights == (best if name == "best.pt" else EPOCHS)


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


def test_what_was_printed_tells_the_same_epochs(trained, tmp_path):
    (with_table, printed) = (
        show(trained),
        show(copy_without(trained, tmp_path, "*.csv", "*tfevents*", "*.yaml")),
    )
    assert (printed["framework"], printed["task"]) == ("ultralytics", trained.parent.name)
    assert printed["series"]["epoch"] == EVERY_EPOCH
    for name in ("logged", "first", "last", "planned"):
        assert printed["epochs"][name] == with_table["epochs"][name]


def test_what_was_printed_has_the_numbers_of_the_table(trained):
    listing = Folder(str(trained))
    (table, _) = console.read(listing, PRINTED)
    with open(trained / "results.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert table.rows == EPOCHS
    for name, column in table.columns.items():
        written = [float(row[name]) for row in rows]
        assert column.tolist() == pytest.approx(written, rel=0.006, abs=1e-4), name


def test_what_was_printed_names_the_classes(trained):
    ((_, told, problems),) = console.consoles(Folder(str(trained)))
    assert problems == ()
    assert {line.name for line in told.classes} <= {"disc", "square", "ring"}
    assert told.epochs_completed == EPOCHS
    assert told.train is not None and told.train.images == JOB["images"][0]
