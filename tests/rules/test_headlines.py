"""One sentence a run, and the health beside it: they say what the weightiest finding says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorboard_runlens.analysis import Health

from . import trainings
from .trainings import HEALTHY, Training, analysed, first

BEST = ["weights/best.pt"]


@pytest.mark.parametrize(
    ("training", "level", "rule", "words"),
    [
        (HEALTHY.changed(weights=BEST), "ok", None, ["Best mAP50-95", "deploy weights/best.pt"]),
        (trainings.OVERFITTED, "warning", "overfitting", ["Overfits since about epoch", "best.pt"]),
        (trainings.PAST_BEST, "warning", "past-best", ["Past its best", "deploy the weights of"]),
        (trainings.ZERO, "critical", "not-learning", ["Not learning", "check data and labels"]),
        (first(HEALTHY, 3), "no_verdict", "too-short", ["No verdict yet (3 epochs", "train on"]),
        (trainings.INTERRUPTED, "warning", "interrupted", ["Interrupted at epoch 60 of 100"]),
        (trainings.STOPPED_EARLY, "info", "early-stopped", ["Best mAP50-95"]),
    ],
)
def test_headline_and_health(
    training: Training, level: str, rule: object, words: list[str], tmp_path: Path
) -> None:
    analysis = analysed(training, tmp_path)
    assert (analysis.health.level, analysis.health.rule) == (level, rule)
    assert all(word in analysis.headline for word in words), analysis.headline
    assert analysis.headline.endswith(".")


def test_a_rise_from_the_start_that_did_no_harm_is_no_reason_not_to_deploy(tmp_path: Path) -> None:
    training = trainings.NEVER_GENERALISED.changed(map50_95=HEALTHY.map50_95, weights=BEST)
    analysis = analysed(training, tmp_path)
    assert analysis.health.level == "info"
    assert analysis.findings[0].rule == "overfitting"
    assert "no reason to stop" in analysis.findings[0].summary
    assert analysis.headline.endswith("deploy weights/best.pt.")


def test_a_model_that_never_became_of_use_is_not_deployed(tmp_path: Path) -> None:
    training = trainings.NEVER_GENERALISED.changed(weights=BEST)
    analysis = analysed(training, tmp_path)
    assert analysis.health == Health("critical", "never-generalised")
    assert "deploying" in analysis.headline
    assert "deploy weights" not in analysis.headline


def test_without_validation_there_is_no_verdict(tmp_path: Path) -> None:
    training = HEALTHY.changed(val=[0.0] * 60, map50_95=[0.0] * 60)
    analysis = analysed(training, tmp_path)
    assert analysis.health == Health("no_verdict", "too-short")
    assert "0 of 60 epochs validated" in analysis.headline


def test_an_interrupted_run_is_to_be_resumed(tmp_path: Path) -> None:
    headline = analysed(trainings.INTERRUPTED.changed(weights=BEST), tmp_path).headline
    assert headline.endswith("resume or train again, or deploy weights/best.pt.")


def test_findings_of_low_confidence_raise_no_alarm(tmp_path: Path) -> None:
    """Fourteen epochs that fall off: the finding is shown, the run is not painted with it."""
    training = first(HEALTHY, 14).changed(map50_95=[0.5] * 7 + [0.45] * 7)
    analysis = analysed(training, tmp_path)
    finding = next(one for one in analysis.findings if one.rule == "past-best")
    assert (finding.severity, finding.confidence) == ("warning", "low")
    assert analysis.health.level == "info"
    assert "Past its best" not in analysis.headline


def test_a_critical_finding_of_a_short_run_outranks_no_verdict(tmp_path: Path) -> None:
    training = first(HEALTHY, 6).changed(train=[1.0, 0.9, *[float("nan")] * 4])
    analysis = analysed(training, tmp_path)
    assert (analysis.health.level, analysis.health.rule) == ("critical", "non-finite")
