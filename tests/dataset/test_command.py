"""``runlens data``: what it prints, what it answers in JSON, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.cli import main
from tests.builders import decoded

from .datasets import box, healthy, polygon, write

Capture = pytest.CaptureFixture[str]


def test_json_has_every_number_of_the_data_set(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, healthy(), nc=2)
    assert main(["data", str(path), "--json"]) == 0
    out = capsys.readouterr().out
    answer = decoded(out, schema.DataAnswer)
    assert (answer.data.name, answer.data.task) == ("data.yaml", "detect")
    assert answer.data.classes == ["disc", "ring"]
    assert answer.data.splits["train"].images == 90
    assert answer.data.splits["val"].per_class == [30, 30]
    assert answer.data.faults == []
    assert answer.against is None
    assert str(tmp_path) not in out


def test_json_knows_no_nan(tmp_path: Path, capsys: Capture) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    path = write(tmp_path, {"train": [None], "val": [box(0)]})
    for image in (tmp_path / "images" / "val").iterdir():
        image.rename(image.with_suffix(".heic"))  # of unknown size
    assert main(["data", str(path), "--json"]) == 0
    split = json.loads(capsys.readouterr().out, parse_constant=refuse)["data"]["splits"]
    assert split["train"]["areas"] is None
    assert split["train"]["per_class"] == [0, 0]


def test_text_has_splits_classes_and_faults(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, {"train": [box(0)] * 40 + [None], "val": [box(0), "what"]})
    assert main(["data", str(path)]) == 0
    out = capsys.readouterr().out
    assert "data.yaml: detect, 2 classes, 43 images" in out
    assert "train: 41 images, 1 background (1 without a label file, 0 with an empty one)" in out
    assert "[critical] 1 of 2 val images (50 %) cannot be used" in out
    assert "(small-split)" in out
    assert "in train and val: 0 images the same, 0 alike" in out
    assert "problem: val/0001.txt line 1: value 1 is no number" in out
    assert str(tmp_path) not in out


def test_what_a_training_would_meet_is_said_before_it(tmp_path: Path, capsys: Capture) -> None:
    """No instance, a class with three, an image in both splits, polygons where boxes are expected."""
    (one, two) = (polygon(0), f"{polygon(0)}\n{polygon(1)}")
    path = write(tmp_path, {"train": [two] * 90, "val": [two] * 3 + [one] * 30, "test": [None]})
    shutil.copy(tmp_path / "images/train/0000.png", tmp_path / "images/val/0000.png")
    assert main(["data", str(path), "--task", "detect"]) == 0
    out = capsys.readouterr().out
    assert "1 of 33 validation images (3 %) is in train too" in out
    assert "(ring 3): move images with them from train to val. (few-instances)" in out
    assert "label rows are polygons where boxes are expected" in out
    assert "0 of 1 test image have a label" in out
    assert main(["data", str(path)]) == 0
    assert "polygon-labels" not in capsys.readouterr().out


def test_boxes_for_a_task_that_needs_polygons_are_said(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, healthy())
    assert main(["data", str(path), "--task", "segment"]) == 0
    assert "[critical] 0 of 240 label rows are polygons" in capsys.readouterr().out


def test_an_empty_validation_is_said(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path, {**healthy(), "val": []})
    assert main(["data", str(path)]) == 0
    assert "[critical] 0 validation images were found" in capsys.readouterr().out


def test_against_tells_what_two_data_sets_share(tmp_path: Path, capsys: Capture) -> None:
    path = write(tmp_path / "a", healthy(), nc=2)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b" / "labels" / "val" / "0003.txt").write_text(box(1))
    other = str(tmp_path / "b" / "data.yaml")
    assert main(["data", str(path), "--against", other]) == 0
    out = capsys.readouterr().out
    assert "against data.yaml, train: all 90 images equal" in out
    assert "against data.yaml, val: 29 of 30 images equal, 1 with other labels" in out
    assert main(["data", str(path), "--against", other, "--json"]) == 0
    against = decoded(capsys.readouterr().out, schema.DataAnswer).against
    assert against is not None
    assert (against.splits["val"].equal, against.splits["val"].relabelled) == (29, 1)


@pytest.mark.parametrize(
    ("name", "code"),
    [("nowhere.yaml", "not_found"), (".", "unreadable"), ("words.yaml", "unreadable")],
)
def test_what_is_no_data_set_is_said_in_json_and_in_one_line(
    name: str, code: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "words.yaml").write_text("just words")
    good = write(tmp_path / "good", healthy(2, 2))
    for call in (
        ["data", str(tmp_path / name), "--json"],
        ["data", str(good), "--against", str(tmp_path / name), "--json"],
    ):
        assert main(call) == 2
        printed = capsys.readouterr()
        assert decoded(printed.out, schema.ErrorAnswer).error.code == code
        assert len(printed.err.strip().splitlines()) == 1
        assert str(tmp_path) not in printed.out


def test_hostile_names_do_not_reach_the_terminal_nor_paths_an_answer(
    tmp_path: Path, capsys: Capture
) -> None:
    names = ("red\x1b[31m\u202e", "/home/carol/ring")
    path = write(tmp_path, {"train": [polygon(0), "what\x1b[31m"], "val": [box(0)]}, names)
    image = tmp_path / "images" / "train" / "0000.png"
    image.rename(image.with_name("evil\x1b[2J.png"))
    assert main(["data", str(path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert main(["data", str(path), "--json"]) == 0
    assert "/home/carol" not in capsys.readouterr().out
