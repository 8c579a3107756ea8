"""Trainings that break down while they go on: an alarm must be right, since somebody ends them for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases.diverged import FELL, GOES_ON
from .trainings import HEALTHY, Training, analysed

COLLAPSED = [*HEALTHY.map50_95[:45], *[0.01] * 15]
BROKEN = GOES_ON.changed(map50_95=COLLAPSED)


def diverged(training: Training, folder: Path) -> bool:
    return any(one.rule == "diverged" for one in analysed(training, folder).findings)


def test_loss_and_metric_that_both_broke_down_are_an_alarm_at_once(tmp_path: Path) -> None:
    analysis = analysed(BROKEN, tmp_path)
    assert analysis.state == "running"
    assert analysis.health.rule == "diverged"
    assert analysis.headline.startswith("Training diverged after epoch")


@pytest.mark.parametrize("training", [GOES_ON, FELL], ids=["the loss", "the metric"])
def test_one_of_them_alone_is_told_when_it_is_over(training: Training, tmp_path: Path) -> None:
    assert not diverged(training, tmp_path / "running")
    over = training.changed(args={"epochs": 60}, running=False)
    assert diverged(over, tmp_path / "over")


def test_a_training_that_validates_nothing_is_judged_by_its_loss(tmp_path: Path) -> None:
    nan = [float("nan")] * len(BROKEN)
    names = ("precision(B)", "recall(B)", "mAP50(B)", "mAP50-95(B)")
    columns = {f"metrics/{name}": nan for name in names}
    assert diverged(GOES_ON.changed(columns=columns), tmp_path)
