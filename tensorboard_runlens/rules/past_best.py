"""The metric has fallen from its best although the validation loss does not overfit.

## What it says
The model was better some epochs ago. Nothing in the losses explains it: they need not move when the ranking of
detections gets worse. Where the fall came with the end of mosaic, the sentence says so.

## Why it matters
last.pt is worse than best.pt, and going on costs time without gain.

## How it decides
The median of the best stretch, a tenth of the epochs long, is higher than that of the last tenth (of ten epochs at
most) by more than one point and more than two standard deviations of the noise from epoch to epoch since then. A dip
from which the last three epochs came back is none. Where the metric moves in steps, as the accuracy of a few images
does, it takes five of them. Within a quarter of the limit the verdict is borderline. Confidence is low then, while the
training goes on, and where the fall is less than three and a half of its standard errors: neighbouring epochs err
alike, and the best level was picked from many.

## Source
Limits proposed; on 195 real trainings labelled by eye, 18 of which decline, it finds 16 and one more.
Guide 002: single dips that recover are acceptable.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.metric_change import CHANGE_MIN, metric_change
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "drop_min": Limit(
        CHANGE_MIN,
        "Drop of the smoothed metric that matters: one point.",
        least=CHANGE_MIN,
    ),
    "drop_warning": Limit(0.02, "Drop from which it is moderate: two points."),
    "drop_critical": Limit(0.05, "Drop from which it is grave: five points."),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a metric that declines without loss evidence."""
    verdict = signals.overfitting
    if verdict.verdict != "past_best" or verdict.metric_drop < limits["drop_min"]:
        return None
    if verdict.metric_peak is None or signals.metric_name is None or signals.short_by_design:
        return None
    (peak, with_mosaic) = (signals.epoch(verdict.metric_peak), _fell_with_mosaic(signals))
    (group, name) = signals.metric_name.split()
    near = ", which is borderline" if verdict.borderline else ""
    why = (
        f"it fell when mosaic closed at epoch {signals.close_mosaic_epoch}"
        if with_mosaic
        else "no loss explains it"
    )
    return Finding(
        severity=_severity(verdict.metric_drop, limits),
        confidence=_confidence(signals),
        summary=(
            f"{points(verdict.metric_drop)} of {metric_words(group, name)} lost since its best"
            f" stretch around epoch {peak}{near}; {why}."
        ),
        clause=f"Past its best since about epoch {peak}",
        evidence={
            "metric_drop": verdict.metric_drop,
            "metric_noise": verdict.metric_noise,
            "metric_error": verdict.metric_error,
            "borderline": verdict.borderline,
            "with_mosaic": with_mosaic,
        },
        span=(verdict.metric_peak, signals.rows - 1),
        advice=[
            advise(signals, "use-best"),
            *([advise(signals, "keep-mosaic")] if with_mosaic else []),
        ],
    )


def _severity(drop: float, limits: Limits) -> str:
    if drop < limits["drop_warning"]:
        return "info"
    return "warning" if drop < limits["drop_critical"] else "critical"


def _confidence(signals: Signals) -> str:
    """That of the verdict; low while the training goes on: its learning rate has still to fall."""
    return "low" if signals.state == "running" else signals.overfitting.confidence


def _fell_with_mosaic(signals: Signals) -> bool:
    """Whether the metric was best before mosaic closed, and had not fallen until then."""
    (closed, peak) = (signals.close_mosaic_row, signals.overfitting.metric_peak)
    if closed is None or peak is None or signals.metric is None or peak >= closed:
        return False
    return metric_change(signals.metric[:closed], None).quality in ("better", "same")


RULE = Rule("past-best", check, LIMITS, rank=2, withdrawn_by=("diverged", "not-learning"))
