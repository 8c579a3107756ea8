"""The metric has fallen from its best although the validation loss does not overfit.

## What it says
The model was better some epochs ago. Nothing in the losses explains it: they need not move when the
ranking of detections gets worse.

## Why it matters
last.pt is worse than best.pt, and going on costs time without gain.

## How it decides
The running median of five epochs of the main metric has dropped from its highest value to the
median of the last tenth by more than one point and more than two standard deviations of its
epoch-to-epoch noise.

## Source
Limits from 286 real trainings; single dips that recover are not reported (guide 002: they are
acceptable).
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import METRIC_CHANGE_MIN
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "drop_min": Limit(
        METRIC_CHANGE_MIN,
        "Drop of the smoothed metric that matters: one point. It can be raised only.",
    ),
    "drop_critical": Limit(
        0.2, "Drop from which the run has lost most of what it had: twenty points."
    ),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a metric that declines without loss evidence."""
    verdict = signals.overfitting
    if verdict.verdict != "past_best" or verdict.metric_drop < limits["drop_min"]:
        return None
    if verdict.metric_peak is None or signals.metric_name is None:
        return None
    peak = signals.epoch(verdict.metric_peak)
    (group, name) = signals.metric_name.split()
    return Finding(
        severity="critical" if verdict.metric_drop >= limits["drop_critical"] else "warning",
        confidence=verdict.confidence,
        summary=(
            f"{points(verdict.metric_drop)} of {metric_words(group, name)} lost since its best"
            f" stretch around epoch {peak}, and no loss explains it."
        ),
        clause=f"Past its best since about epoch {peak}",
        evidence={"metric_drop": verdict.metric_drop, "metric_noise": verdict.metric_noise},
        span=(verdict.metric_peak, signals.rows - 1),
        advice=[Advice("use-best", "Deploy best.pt; going on as it is gains nothing.")],
    )


RULE = Rule("past-best", check, LIMITS, rank=2)
