"""What is said of a run's progress: how it will end, that it has levelled off, or that it had not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, Optional

import numpy as np
import pytest

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals.progress import ProgressSignals
from tests.builders import set_times

from . import trainings
from .cases.capacity_limited import limited
from .cases.plateau import levelling_off, of_planned
from .cases.undertrained import rising, scored
from .trainings import HEALTHY, NOW, Training, analysed, first, judged, write

SAMPLE = Path(__file__).resolve().parents[2] / "tensorboard_runlens/samples/detect/healthy"


def running(training: Training, folder: Path) -> Analysis:
    """The analysis while it is trained: its files were written over its whole duration until now."""
    set_times(write(training, folder), NOW, 30.0 * len(training))
    return judged(folder)


def found(analysis: Analysis, rule: str) -> Finding:
    (finding,) = [one for one in analysis.findings if one.rule == rule]
    return finding


def test_the_forecast_of_a_run_that_goes_on_is_in_its_answer(tmp_path: Path) -> None:
    training = first(HEALTHY, 30).changed(args={"epochs": 60})
    analysis = running(training, tmp_path)
    assert analysis.state == "running"
    said = json.loads(answers.encode(answers.show_answer(analysis)))["run"]["forecast"]
    assert (said["metric"], said["gain"], said["epochs_left"]) == ("box map50_95", "likely", 30)
    assert said["now"] < said["interval"][0] <= said["expected"] <= said["interval"][1]
    assert said["interval"][0] < HEALTHY.map50_95[-3] < said["interval"][1]


@pytest.mark.parametrize(
    ("case", "state"),
    [
        (HEALTHY, "finished"),
        (trainings.STOPPED_EARLY, "early_stopped"),
        (trainings.ITERATIONS, "finished"),
        (HEALTHY.changed(args={"epochs": 100, "time": 2.0}), "unknown"),
        (first(HEALTHY, 5).changed(args={"epochs": 60}), "interrupted"),
    ],
)
def test_where_no_plan_is_open_nothing_is_forecast(
    case: trainings.Case, state: str, tmp_path: Path
) -> None:
    analysis = analysed(case, tmp_path)
    assert (analysis.state, analysis.signals.forecast) == (state, None)
    said = json.loads(answers.encode(answers.show_answer(analysis)))["run"]
    assert said["forecast"] is None


def test_an_interrupted_run_is_told_what_resuming_would_bring(tmp_path: Path) -> None:
    forecast = analysed(trainings.INTERRUPTED, tmp_path).signals.forecast
    assert forecast is not None
    assert forecast.epochs_left == 40


def test_copies_of_a_validation_are_no_measurements(tmp_path: Path) -> None:
    """Every other row is validated, the others repeat it: they hold no second epoch."""
    scores = np.repeat(HEALTHY.map50_95[::2], 2).tolist()
    val = np.repeat(HEALTHY.val[::2], 2).tolist()
    training = HEALTHY.changed(map50_95=scores, val=val, args={"epochs": 100})
    progress = analysed(training, tmp_path).signals.progress
    assert len(progress.values) == 30
    assert progress.done.tolist() == list(range(1, 60, 2))


@pytest.mark.parametrize(
    ("write_case", "key"), [(running, "stop-here"), (analysed, "do-not-resume")]
)
def test_a_level_metric_is_a_reason_to_stop_or_not_to_resume(
    write_case: Callable[..., Analysis], key: str, tmp_path: Path
) -> None:
    finding = found(write_case(of_planned(100, levelling_off(4)), tmp_path), "plateau")
    assert [one.key for one in finding.advice] == [key]
    assert "one point more is unlikely in the 40 epochs left" in finding.summary


def test_a_training_that_was_level_for_long_says_since_when(tmp_path: Path) -> None:
    finding = found(analysed(scored(levelling_off(4)), tmp_path), "plateau")
    assert finding.summary.startswith("0.9 points of mAP50-95 came in the last 41 of 60 epochs")
    assert finding.evidence["epoch_reached"] == 19
    assert [one.change for one in finding.advice] == [("epochs", 60, 30)]


def test_what_still_rose_wants_a_new_plan_and_promises_nothing(tmp_path: Path) -> None:
    finding = found(analysed(scored(rising(0.2)), tmp_path), "undertrained")
    assert "(90 % interval" in finding.summary
    assert [one.key for one in finding.advice] == ["train-longer", "own-weights"]
    assert finding.advice[0].change == ("epochs", 60, 120)
    assert "resume" not in f"{finding.summary} {finding.advice}".lower()


def test_early_stopping_is_a_reason_for_more_epochs_only_where_the_best_came_late(
    tmp_path: Path,
) -> None:
    late = [*rising(0.3)[:-2], 0.781, 0.781]
    training = scored(late).changed(args={"epochs": 100, "patience": 2})
    analysis = analysed(training, tmp_path / "late")
    assert analysis.state == "early_stopped"
    finding = found(analysis, "undertrained")
    assert [one.change for one in finding.advice][:1] == [("patience", 2, 4)]
    stopped = analysed(trainings.STOPPED_EARLY, tmp_path / "stopped")
    assert [one.rule for one in stopped.findings] == ["early-stopped"]


@pytest.mark.parametrize("score", [1e300, -1.0, 95.0])
def test_what_is_no_fraction_is_no_measurement(score: float, tmp_path: Path) -> None:
    training = HEALTHY.changed(map50_95=[score] * 60, args={"epochs": 100})
    analysis = analysed(training, tmp_path)
    assert len(analysis.signals.progress.values) == 0
    assert (analysis.signals.forecast, analysis.failed_rules) == (None, [])


def test_every_loss_and_metric_says_how_it_moved_at_the_end(tmp_path: Path) -> None:
    """Losses that fall to the end have an interval below zero; a shaking one holds zero."""
    train = np.linspace(2, 1, 60)
    shaking = 1 + 0.1 * np.random.default_rng(4).normal(size=60)
    training = HEALTHY.changed(train=train.tolist(), columns={"train/cls_loss": shaking.tolist()})
    answer = answers.show_answer(analysed(training, tmp_path)).run
    trends = {(one.group, one.name): one for one in answer.trends}
    falling = trends["train", "box"]
    assert falling.since == 46
    assert falling.change == pytest.approx(-14 / 59, abs=1e-4)
    assert falling.interval == pytest.approx((-14 / 59, -14 / 59), abs=1e-4)
    (low, high) = trends["train", "cls"].interval
    assert low is not None
    assert high is not None
    assert low < 0 < high
    assert ("box", "map50_95") in trends


def test_losses_of_two_kinds_tell_no_gap(tmp_path: Path) -> None:
    progress = analysed(limited(gap=0.1), tmp_path).signals.progress
    assert progress.gap == pytest.approx(0.1, abs=0.001)
    assert np.isnan(_alone(None, None).gap)
    assert np.isnan(_alone(np.zeros(20), np.ones(20)).gap)


@pytest.mark.parametrize(("epochs", "fall"), [(5, 0.0), (6, 0.5)])
def test_losses_of_warm_up_are_no_fall(epochs: int, fall: float) -> None:
    """Losses twice as high in the first epochs: three of them are warm-up, and most of the five after them count."""
    train = np.where(np.arange(40) < epochs, 2.0, 1.0)
    assert _alone(train, None).train_fall == fall


def _alone(train: Optional[np.ndarray], val: Optional[np.ndarray]) -> ProgressSignals:
    return ProgressSignals(open_run(str(SAMPLE)), "finished", None, train, val)
