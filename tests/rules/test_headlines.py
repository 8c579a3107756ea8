"""One sentence a run, and the health beside it: they say what the weightiest finding says."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_findings_of_low_confidence_raise_no_alarm(tmp_path: Path) -> None:
    """Fourteen epochs that fall off: the finding is shown, the run is not painted with it."""
    training = first(HEALTHY, 14).changed(map50_95=[0.5] * 7 + [0.45] * 7)
    analysis = analysed(training, tmp_path)
    finding = next(one for one in analysis.findings if one.rule == "past-best")
    assert (finding.severity, finding.confidence) == ("warning", "low")
    assert analysis.health.level == "info"


def test_a_critical_finding_of_a_short_run_outranks_no_verdict(tmp_path: Path) -> None:
    training = first(HEALTHY, 6).changed(train=[1.0, 0.9, *[float("nan")] * 4])
    analysis = analysed(training, tmp_path)
    assert (analysis.health.level, analysis.health.rule) == ("critical", "non-finite")
