"""The validation loss has risen from the first epochs on and never improved.

## What it says
What was learnt did not carry over to the validation images, as far as the loss tells. The metric
may tell otherwise: then it is over-confidence, or a fine-tuning that began at its best.

## Why it matters
Either the validation set is of another kind than the training set, or labels or classes differ
between them, or the starting weights already were at their best for this data.

## How it decides
The test of the rule overfitting fires, and the validation loss had its minimum within the first
three epochs.

## Source
Verdict matrix of the overfitting test.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent

LIMITS = {
    "metric_low": Limit(
        0.1, "Best value of the main metric below which the model is of no use: ten points."
    )
}

SAYS = {
    "critical": ", and the metric stayed low: nothing learnt carried over",
    "warning": ": the weights it started from were as good or better",
    "info": ", but the metric did not suffer: no reason to stop",
}
CLAUSES = {
    "critical": "Never generalised",
    "warning": "Validation loss rose from the first epochs on",
    "info": "Validation loss rose from the first epochs on, but the metric did not suffer",
}

CHECK_SPLIT = Advice(
    "check-split",
    "Compare training and validation images, labels and class order; check how they were split.",
)
LOWER_LR = Advice(
    "lower-lr", "When starting from weights trained on this data, lower the learning rate."
)
ADVICE = {"critical": [CHECK_SPLIT], "warning": [LOWER_LR, CHECK_SPLIT], "info": [LOWER_LR]}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a validation loss that only ever rose."""
    verdict = signals.overfitting
    if verdict.verdict != "never_generalised" or verdict.onset is None:
        return None
    severity = _severity(signals, limits)
    return Finding(
        severity=severity,
        confidence=verdict.confidence,
        summary=(
            "Validation loss has risen since the first epochs and ends"
            f" {percent(verdict.excess)} above its minimum, while training loss fell"
            f"{SAYS[severity]}."
        ),
        clause=CLAUSES[severity],
        evidence={
            "excess": verdict.excess,
            "p_value": verdict.p_value,
            "quality": verdict.quality,
            "metric_drop": verdict.metric_drop,
        },
        span=(0, signals.rows - 1),
        advice=ADVICE[severity],
    )


def _severity(signals: Signals, limits: Limits) -> str:
    """critical: the metric stayed low; warning: it was good and fell; info: it did not suffer."""
    metric = signals.metric
    if metric is None or not np.any(np.isfinite(metric)):
        return "warning"
    if float(np.nanmax(metric)) < limits["metric_low"]:
        return "critical"
    return "warning" if signals.overfitting.quality == "worse" else "info"


RULE = Rule("never-generalised", check, LIMITS, rank=1)
