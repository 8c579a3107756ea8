"""What a fall of the metric is called, how sure that is, and what is advised: breakdowns, declines, single dips."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

import numpy as np
import pytest

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.rules import Finding
from tests.projects import partinet_rows, write_partinet
from tests.rules.cases.best_not_last import lucky
from tests.rules.cases.past_best import fallen
from tests.rules.cases.unstable import dipped, jumping

from . import trainings
from .trainings import HEALTHY, NOW, N, Training, analysed, judged

ROWS = np.arange(N)
MAP50_95 = 11
"""Its place in a line of results.txt."""


def found(analysis: Analysis, rule: str) -> Optional[Finding]:
    return next((one for one in analysis.findings if one.rule == rule), None)


def sure(analysis: Analysis, rule: str) -> Finding:
    finding = found(analysis, rule)
    assert finding is not None, analysis.findings
    return finding


def while_running(training: Training, folder: Path) -> Analysis:
    """The same, looked at while it trains."""
    trainings.write(training.changed(args={**training.args, "epochs": 100}), folder)
    os.utime(folder / "args.yaml", (NOW - 7200, NOW - 7200))
    os.utime(folder / "results.csv", (NOW - 5, NOW - 5))
    analysis = judged(folder)
    assert analysis.state == "running"
    return analysis


def test_a_fall_at_the_closing_of_mosaic_says_so(tmp_path: Path) -> None:
    training = fallen(0.03).changed(
        args={"close_mosaic": 15, "mosaic": 1.0}, manifest={"version": "8.4.190"}
    )
    finding = sure(analysed(training, tmp_path), "past-best")
    assert finding.summary.endswith("it fell when mosaic closed at epoch 46.")
    assert [advice.key for advice in finding.advice] == ["use-best", "keep-mosaic"]
    assert finding.advice[1].change == ("close_mosaic", 15, 0)


def test_a_fall_before_the_closing_of_mosaic_has_another_cause(tmp_path: Path) -> None:
    training = fallen(0.03).changed(args={"close_mosaic": 5, "mosaic": 1.0})
    finding = sure(analysed(training, tmp_path), "past-best")
    assert finding.summary.endswith("no loss explains it.")
    assert finding.evidence["with_mosaic"] is False


@pytest.mark.parametrize(
    ("drop", "borderline", "confidence"), [(0.0126, False, "moderate"), (0.0124, True, "low")]
)
def test_near_its_limit_a_decline_is_borderline_and_unsure(
    drop: float, borderline: bool, confidence: str, tmp_path: Path
) -> None:
    finding = sure(analysed(fallen(drop), tmp_path), "past-best")
    assert ("borderline" in finding.summary) is borderline
    assert finding.confidence == confidence


def drifting(size: float) -> np.ndarray:
    """Noise whose neighbours are alike, which shows little from epoch to epoch."""
    return size * np.sin(ROWS / 2) * np.where(ROWS < 45, 1, 0.5)


@pytest.mark.parametrize(("size", "confidence"), [(0.005, "moderate"), (0.03, "low")])
def test_a_fall_within_slow_noise_is_unsure(size: float, confidence: str, tmp_path: Path) -> None:
    scores = np.array(fallen(0.05).map50_95) + drifting(size)
    declining = HEALTHY.changed(map50_95=scores.tolist())
    assert sure(analysed(declining, tmp_path / "fallen"), "past-best").confidence == confidence


@pytest.mark.parametrize(("size", "confidence"), [(0.002, "moderate"), (0.02, "low")])
def test_a_best_epoch_within_slow_noise_is_unsure(
    size: float, confidence: str, tmp_path: Path
) -> None:
    scores = np.array(lucky(0.05).map50_95) + drifting(size)
    finding = sure(analysed(HEALTHY.changed(map50_95=scores.tolist()), tmp_path), "best-not-last")
    assert finding.confidence == confidence


@pytest.mark.parametrize(("epochs", "confidence"), [(39, "moderate"), (38, "low")])
def test_jumps_of_a_short_second_half_are_unsure(
    epochs: int, confidence: str, tmp_path: Path
) -> None:
    training = trainings.first(jumping(0.02, 0.5), epochs)
    finding = sure(analysed(training, tmp_path), "unstable")
    assert finding.confidence == confidence


def test_while_training_goes_on_a_decline_raises_no_alarm(tmp_path: Path) -> None:
    analysis = while_running(trainings.PAST_BEST, tmp_path / "declining")
    assert sure(analysis, "past-best").confidence == "low"
    assert found(while_running(lucky(0.06), tmp_path / "lucky"), "best-not-last") is None


def test_a_loss_that_rose_from_the_start_overfits_where_the_metric_had_a_best(
    tmp_path: Path,
) -> None:
    training = trainings.NEVER_GENERALISED.changed(map50_95=fallen(0.1).map50_95)
    analysis = analysed(training, tmp_path)
    assert (analysis.overfitting.verdict, analysis.overfitting.quality) == ("overfitting", "worse")
    assert "the model itself got worse" in sure(analysis, "overfitting").summary


def test_breakdowns_are_listed_by_epoch(tmp_path: Path) -> None:
    finding = sure(analysed(dipped(20, 30, 31, 32, 40), tmp_path), "unstable")
    assert "collapsed 3 times and came back each time (epochs 21, 31 to 33, 41)" in finding.summary
    assert finding.span == (20, 40)
    assert finding.evidence["first_epochs"] == [21, 31, 41]


def test_one_long_breakdown_is_told_by_its_length(tmp_path: Path) -> None:
    finding = sure(analysed(dipped(*range(20, 30)), tmp_path), "unstable")
    assert "collapsed for 10 epochs and came back (epochs 21 to 30)" in finding.summary
    assert finding.severity == "warning"


def test_jumps_that_a_small_validation_set_explains_ask_for_a_larger_one(tmp_path: Path) -> None:
    unknown = sure(analysed(jumping(0.02, 0.5), tmp_path / "unknown"), "unstable")
    assert unknown.advice[0].key == "lower-lr"
    small = jumping(0.02, 0.5).changed(data=trainings.data_of_few_images)
    finding = sure(analysed(small, tmp_path / "small"), "unstable")
    assert "no more than 20 validation images can explain" in finding.summary
    assert [advice.key for advice in finding.advice] == ["larger-val"]
    assert (unknown.confidence, finding.confidence) == ("moderate", "low")


def test_copied_results_are_no_breakdown(tmp_path: Path) -> None:
    training = dipped(30, 31)
    (val, scores) = (list(training.val), list(training.map50_95))
    for row in (32, 33, 34):
        (val[row], scores[row]) = (val[31], scores[31])
    copied = training.changed(val=val, map50_95=scores)
    assert found(analysed(copied, tmp_path), "unstable") is None


def test_after_divergence_the_last_good_checkpoint_is_named(tmp_path: Path) -> None:
    training = trainings.DIVERGED.changed(map50_95=[*HEALTHY.map50_95[:40], *[0.1] * 20])
    finding = sure(analysed(training, tmp_path), "diverged")
    assert finding.summary.endswith("; best.pt holds epoch 40, from before.")
    assert [advice.key for advice in finding.advice] == ["lower-lr", "use-best"]


def test_a_loss_that_is_nan_to_the_end_names_the_last_good_checkpoint(tmp_path: Path) -> None:
    training = trainings.NOT_A_NUMBER.changed(map50_95=[*HEALTHY.map50_95[:30], *[0.0] * 30])
    finding = sure(analysed(training, tmp_path), "non-finite")
    assert "to the end; best.pt holds epoch 30, from before." in finding.summary
    assert finding.advice[0].key == "use-best"


def test_a_metric_that_lost_nearly_all_has_collapsed(tmp_path: Path) -> None:
    training = HEALTHY.changed(map50_95=np.where(ROWS < 40, HEALTHY.map50_95, 0.05).tolist())
    analysis = analysed(training, tmp_path)
    finding = sure(analysis, "diverged")
    assert (finding.severity, finding.span) == ("critical", (39, N - 1))
    assert "mAP50-95 ends at 0.050, 8 % of the" in finding.summary
    assert found(analysis, "past-best") is None


def test_validation_losses_that_are_nan_are_mild_where_the_metric_is_well(tmp_path: Path) -> None:
    val = [float("nan") if row % 10 == 0 else loss for row, loss in enumerate(HEALTHY.val)]
    finding = sure(analysed(HEALTHY.changed(val=val), tmp_path), "non-finite")
    assert (finding.severity, finding.evidence["side"]) == ("info", "val")


@pytest.mark.parametrize(("step", "judged_so"), [(1, True), (2, False)])
def test_partinets_router_has_no_learning_curve(step: int, judged_so: bool, tmp_path: Path) -> None:
    """Its metric collapses after the twelfth of twenty epochs: by design its training is short and jumps."""
    rows = [line.split() for line in partinet_rows(0, 19, 20, 10)]
    for row in rows[12:]:
        row[MAP50_95] = "0.02"
    lines = ["".join(f"{cell:>10}" for cell in row) for row in rows]
    write_partinet(tmp_path / "exp", step, lines, 20, "weights.pt", True)
    rules = {one.rule for one in judged(tmp_path / "exp").findings}
    quality = {"diverged", "past-best", "best-not-last", "unstable"}
    assert bool(rules & quality) is judged_so
