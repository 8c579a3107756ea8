"""Files that a program writes and that are not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.expected_files import expected_files
from tests.builders import write, write_detect
from tests.projects import SELF_TRAINING, write_self_training
from tests.rules.trainings import NOW, judged

ALL = (
    "weights/best.pt",
    "weights/last.pt",
    "labels.jpg",
    "train_batch0.jpg",
    "val_batch0_pred.jpg",
    "confusion_matrix.png",
    "BoxF1_curve.png",
)


def absent(folder: Path, last: int = 5, **arguments: Any) -> dict[str, bool]:
    """file -> whether it should be there, of a training of five epochs that came so far."""
    stated = {"task": "detect", "mode": "train", "epochs": 5, **arguments}
    write_detect(folder, range(1, last + 1), **stated)
    return {one.file: one.due for one in expected_files(judged(folder))}


def test_a_finished_training_has_written_everything(tmp_path: Path) -> None:
    for name in ALL:
        write(tmp_path / name, b"x")
    assert absent(tmp_path) == {}


def test_what_a_finished_training_lacks_is_due(tmp_path: Path) -> None:
    found = absent(tmp_path)
    assert set(found.values()) == {True}
    assert set(found) == {name.replace("BoxF1", "F1") for name in ALL}


def test_what_is_written_at_the_end_is_not_due_before_it(tmp_path: Path) -> None:
    found = absent(tmp_path, last=3)
    assert [name for (name, due) in found.items() if due] == list(ALL[:4])
    assert [name for (name, due) in found.items() if not due][:2] == list(ALL[4:6])


@pytest.mark.parametrize("arguments", [{"plots": False}])
def test_pictures_that_were_switched_off_are_not_expected(
    tmp_path: Path, arguments: dict[str, Any]
) -> None:
    assert list(absent(tmp_path, **arguments)) == ["weights/best.pt", "weights/last.pt"]


def test_classifiers_draw_no_curves(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 6), mode="train", epochs=5)
    run = replace(judged(tmp_path).run, task="classify")
    found = [one.file for one in expected_files(analyse(run, now=NOW))]
    assert "F1_curve.png" not in found
    assert "labels.jpg" not in found
    assert "confusion_matrix.png" in found


def test_arguments_that_are_not_there_are_expected(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 6))
    (tmp_path / "args.yaml").unlink(missing_ok=True)
    found = expected_files(judged(tmp_path))
    assert found[0].file == "args.yaml"
    assert "command" in found[0].missing
    assert found[0].when == "when the training starts"


def test_nothing_is_expected_of_other_programs(tmp_path: Path) -> None:
    folder = write_self_training(tmp_path / "unet", dict(enumerate(SELF_TRAINING)))
    assert expected_files(judged(folder)) == ()
