"""The validation loss has turned up while the training loss went on falling.

## What it says
The model fits the training images better and better, and the validation images worse. The verdict
has a second axis, the metric: it may have fallen as well (the model itself got worse), stayed
(scores become over-confident, detections stay as good), or still be rising (no reason to stop).

## Why it matters
Epochs after the onset are wasted where the metric fell, and last.pt is worse than best.pt. Where
only the loss rose, the confidence threshold and calibration deserve a look; stopping earlier would
gain nothing.

## How it decides
Least squares of "only falls" against "falls, then rises" on the logarithm of the summed validation
loss, with a simulated null for autocorrelated noise. Learning-rate drops, plateaus and any speed of
convergence are inside the null. The p-value, the size of the rise, the fall of the training loss
since, the order of the losses after the minimum and the number of epochs give a probability that was
calibrated on labelled histories. The loss overfits where that is at least one half, p at most .05 and
the rise at least 3.5 %; or, however little the training loss fell, where p is at most .001 and the
rise at least 5 % (probability at least .2). Either way the rise is above zero with 95 % certainty,
and the training loss fell by at least 2 %. A verdict that a quarter more or less of a limit would
change is borderline. Epochs after mosaic was closed are judged apart. The onset is a window, not a
point. Small validation sets cap the confidence.

## Source
Test and limits measured on labelled histories: 879 real trainings of small networks with a hidden
test set (F1 .94), 2,135 simulated ones (F1 .99), and 192 real trainings of detectors judged by eye
(all right); accuracy.md has the tables. Guides 001, 002 and 004 state the rule by eye.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule, Value
from tensorboard_runlens.rules.never_generalised import harmless
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import Overfitting, assess
from tensorboard_runlens.statistics.rise import MIN_EXCESS
from tensorboard_runlens.words import epochs, metric_words, percent, points

__all__ = ["RULE", "Overfitting", "assess"]

LIMITS = {
    "excess_min": Limit(
        MIN_EXCESS,
        "Rise above the minimum that matters; published overfits rise 6.5 % or more, harmless losses less than this.",
        least=MIN_EXCESS,
    ),
    "drop_critical": Limit(
        0.05, "Metric drop in fractions from which it is critical: five points of mAP."
    ),
}

SAYS = {
    "overfitting": "and {metric} fell by {drop}: the model itself got worse",
    "quality_unchanged": "and {metric} stayed the same: scores become over-confident, detections stay as good",
    "loss_only": "but {metric} is still rising: no reason to stop",
    "quality_unknown": "and no metric tells whether the model itself got worse",
}

CLAUSES = {
    "overfitting": "Overfits since about epoch {epoch}",
    "quality_unchanged": "Validation loss rises since about epoch {epoch}, detections stay as good",
    "loss_only": "Validation loss rises since about epoch {epoch}, but the metric still improves",
    "quality_unknown": "Validation loss overfits since about epoch {epoch}",
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a validation loss that overfits, unless it did so from the first epochs on."""
    verdict = _from_the_start_but_harmless(signals) or signals.overfitting
    if (
        verdict.verdict not in SAYS
        or verdict.onset is None
        or verdict.excess < limits["excess_min"]
    ):
        return None
    (first, last) = (signals.epoch(verdict.onset[0]), signals.epoch(verdict.onset[1]))
    component = signals.rising_component
    named = f" (mostly {component} loss)" if component and len(signals.components) > 1 else ""
    near = " (borderline)" if verdict.borderline else ""
    consequence = SAYS[verdict.verdict].format(
        metric=_metric(signals), drop=points(max(verdict.metric_drop, 0.0))
    )
    return Finding(
        severity=_severity(verdict, limits),
        confidence=verdict.confidence,
        summary=(
            f"Validation loss has risen {percent(verdict.excess)} since about"
            f" {epochs(first, last)} while training loss fell"
            f"{named}, {consequence}{near}."
        ),
        clause=CLAUSES[verdict.verdict].format(epoch=(first + last) // 2),
        evidence=_evidence(verdict, component),
        span=(verdict.onset[0], signals.rows - 1),
        advice=_advice(signals, verdict),
    )


def _from_the_start_but_harmless(signals: Signals) -> Optional[Overfitting]:
    """A loss that rose from the first epochs on while the metric did well, judged by the metric."""
    verdict = signals.overfitting
    if verdict.verdict != "never_generalised" or not harmless(signals):
        return None
    return replace(
        verdict, verdict="loss_only" if verdict.quality == "better" else "quality_unchanged"
    )


def _severity(verdict: Overfitting, limits: Limits) -> str:
    if verdict.verdict in ("quality_unchanged", "loss_only"):
        return "info"
    if verdict.verdict == "overfitting" and verdict.metric_drop >= limits["drop_critical"]:
        return "critical"
    return "warning"


def _metric(signals: Signals) -> str:
    (group, name) = (signals.metric_name or "box map50_95").split()
    return metric_words(group, name)


def _evidence(verdict: Overfitting, component: Optional[str]) -> dict[str, Value]:
    return {
        "excess": verdict.excess,
        "p_value": verdict.p_value,
        "score": verdict.score,
        "metric_drop": verdict.metric_drop,
        "metric_noise": verdict.metric_noise,
        "borderline": verdict.borderline,
        "component": component,
    }


def _advice(signals: Signals, verdict: Overfitting) -> list[Advice]:
    if verdict.verdict == "loss_only":
        return [advise(signals, "keep-going")]
    if verdict.verdict == "quality_unchanged":
        what = " for this checkpoint: its scores are too high"
        return [advise(signals, "check-threshold", what=what)]
    return [
        advise(signals, "use-best"),
        advise(signals, "more-data", what="; more epochs will not help"),
        advise(signals, "weight-decay"),
    ]


RULE = Rule("overfitting", check, LIMITS, rank=1, withdrawn_by=("not-learning",))
