"""Which pictures a program draws for a task, and what switches that off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.drawn_pictures import drawn_pictures, switched_off
from tensorboard_runlens.run import Run
from tests.builders import write_detect
from tests.rules.trainings import judged

ALL = ["labels", "train_batch", "val_batch", "confusion", "curve"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    write_detect(tmp_path, range(1, 4), task="detect", mode="train")
    return judged(tmp_path).run


@pytest.mark.parametrize(
    ("framework", "task", "roles"),
    [
        ("ultralytics", "detect", ALL),
        ("yolov5", "segment", ALL),
        ("yolov7", "detect", ALL[1:]),
        ("ultralytics", "classify", ALL[1:4]),
        ("yolov5", "classify", []),
        ("ultralytics", "unknown", []),
        ("selftraining", "semantic", []),
    ],
)
def test_what_a_program_draws_for_a_task(
    run: Run, framework: Any, task: Any, roles: list[str]
) -> None:
    drawn = drawn_pictures(replace(run, framework=framework, task=task))
    assert [one.role for one in drawn] == roles


def test_yolov7_calls_the_validation_a_test(run: Run) -> None:
    files = [name for one in drawn_pictures(replace(run, framework="yolov7")) for name in one.files]
    assert "test_batch0_pred.jpg" in files
    assert "val_batch0_pred.jpg" not in files


@pytest.mark.parametrize(
    ("arguments", "switch"),
    [
        ({}, None),
        ({"plots": True, "noplots": False, "evolve": None}, None),
        ({"evolve": ""}, None),
        ({"evolve": False}, None),
        ({"plots": False}, "plots=False"),
        ({"noplots": True}, "noplots=True"),
        ({"evolve": 300}, "evolve=300"),
    ],
)
def test_what_switches_them_off(run: Run, arguments: dict[str, Any], switch: Optional[str]) -> None:
    assert switched_off(replace(run, arguments=arguments)) == switch
