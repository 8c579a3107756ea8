"""Pictures of the worst validation images come with the image's name and its errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.answers import show_answer
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.schema import ShownImage
from tests.recording.archives import metrics, write_recording

PICTURE = "runlens/worst_01.jpg"
TOLD = {"file": "worst_01.jpg", "image": "0003.png", "missed": 4, "false": 15, "confidence": 0.1}


def shows(run: Path, worst: Any) -> tuple[Optional[ShownImage], list[str]]:
    """(what is told of the picture, the kinds of problems)."""
    write_recording(run)
    told = {"weights": "best", **metrics(), "worst": worst}
    (run / "runlens" / "final.json").write_text(json.dumps(told), encoding="utf-8")
    (run / PICTURE).write_bytes(b"\xff\xd8\xff")
    opened = open_run(str(run))
    assert opened.recorded is not None and opened.recorded.final is not None
    (picture,) = show_answer(analyse(opened)).run.pictures
    assert (picture.id, picture.role) == (PICTURE, "worst")
    return (picture.shows, [problem.kind for problem in opened.problems])


def test_a_worst_image_is_named(tmp_path: Path) -> None:
    assert shows(tmp_path / "run", [TOLD]) == (ShownImage("0003.png", 4, 15, []), [])


@pytest.mark.parametrize("worst", [[], [{**TOLD, "image": None}], [{**TOLD, "file": "other.jpg"}]])
def test_nothing_is_said_of_an_image_that_is_unknown(worst: Any, tmp_path: Path) -> None:
    assert shows(tmp_path / "run", worst) == (None, [])


@pytest.mark.parametrize("worst", ["x", [1], [{"file": "worst_01.jpg"}], [{**TOLD, "missed": -1}]])
def test_damage_there_costs_nothing_else(worst: Any, tmp_path: Path) -> None:
    assert shows(tmp_path / "run", worst) == (None, ["damaged"])


def test_no_path_of_another_machine_is_shown(tmp_path: Path) -> None:
    (found, _) = shows(tmp_path / "run", [{**TOLD, "image": "/home/anna/secret/0003.png"}])
    assert found is not None and "anna" not in found.image
