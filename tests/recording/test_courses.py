"""How each class fared from epoch to epoch, read back from what the callback recorded."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import Recorder
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_courses import POINTS, ClassCourses, class_courses

EPOCHS = "runlens/epochs.jsonl"


def record(run: Path, epochs: int, **columns: Any) -> Path:
    """A recording of disc and ring whose mAP50-95 is the epoch in hundredths, and twice that."""
    recorder = Recorder(run)
    recorder.describe(framework="ultralytics", task="detect", names=["disc", "square", "ring"])
    for epoch in range(1, epochs + 1):
        values = [epoch / 1000, None if epoch == 2 else epoch / 500]
        recorder.log_epoch(epoch, fitness=0.1, classes=[0, 2], box={"ap50_95": values, **columns})
    return run


def courses(run: Path) -> ClassCourses:
    found = class_courses(Folder(str(run)))
    assert found is not None
    return found


def test_a_class_has_its_metric_at_every_epoch(tmp_path: Path) -> None:
    found = courses(record(tmp_path, 3))
    assert (found.group, found.metric, list(found.epochs)) == ("box", "map50_95", [1, 2, 3])
    assert found.values["disc"].tolist() == [0.001, 0.002, 0.003]
    assert found.values["ring"][[0, 2]].tolist() == [0.002, 0.006]
    assert math.isnan(found.values["ring"][1])
    assert "square" not in found.values


def test_a_long_training_is_thinned_from_its_first_epoch_to_its_last(tmp_path: Path) -> None:
    found = courses(record(tmp_path, 300))
    assert (len(found.epochs), found.epochs[0], found.epochs[-1]) == (POINTS, 1, 300)
    assert found.values["disc"].tolist() == [epoch / 1000 for epoch in found.epochs]


@pytest.mark.parametrize(("epochs", "known"), [(1, False), (2, True)])
def test_one_epoch_is_no_course(tmp_path: Path, epochs: int, known: bool) -> None:
    assert (class_courses(Folder(str(record(tmp_path, epochs)))) is not None) == known


def test_a_folder_without_recording_has_none(tmp_path: Path) -> None:
    assert class_courses(Folder(str(tmp_path))) is None


def test_a_damaged_line_costs_itself_only(tmp_path: Path) -> None:
    path = record(tmp_path, 4) / EPOCHS
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace("[0,2]", "[0,2,1]").replace("[0, 2]", "[0, 2, 1]")
    lines[2] = "{not json"
    path.write_text("\n".join(lines) + "\n")
    assert list(courses(tmp_path).epochs) == [1, 4]


def test_a_name_of_two_classes_tells_of_neither(tmp_path: Path) -> None:
    run = record(tmp_path, 3)
    manifest = run / "runlens" / "manifest.json"
    stated = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**stated, "names": ["ring", "square", "ring"]}))
    assert class_courses(Folder(str(run))) is None
