"""The validation loss has risen from the first epochs on and never improved.

## What it says
What was learnt did not carry over to the validation images, or a fine-tuning began at its best. Where
the metric became good and stayed so, the rule overfitting speaks instead.

## Why it matters
Either the validation set is of another kind than the training set, or labels or classes differ
between them, or the starting weights already were at their best for this data.

## How it decides
The test of the rule overfitting fires, and the validation loss had its minimum within the first
three epochs.

## Source
The test and its measurements are those of the rule overfitting; the three epochs and the ten points of the metric
below which it is critical are proposed.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent

METRIC_LOW = 0.1
"""Best value of the main metric below which the model is of no use: ten points."""

SAYS = {
    "critical": ", and the metric stayed low: nothing learnt carried over",
    "warning": ": the weights it started from were as good or better",
}
CLAUSES = {
    "critical": "Never generalised",
    "warning": "Validation loss rose from the first epochs on",
}

OWN_START = " where it started from weights that were trained on this data"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a validation loss that only ever rose, where the metric does not deny it."""
    verdict = signals.overfitting
    if verdict.verdict != "never_generalised" or verdict.onset is None or harmless(signals):
        return None
    severity = "warning" if _highest(signals) >= METRIC_LOW else "critical"
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
        advice=_advice(signals, severity),
    )


def _advice(signals: Signals, severity: str) -> list[Advice]:
    split = advise(signals, "check-split")
    if severity == "critical":
        return [split]
    return [advise(signals, "lower-lr", what=OWN_START), split]


def harmless(signals: Signals) -> bool:
    """Whether the metric became good and stayed so, whatever the loss did."""
    return _highest(signals) >= METRIC_LOW and signals.overfitting.quality in ("better", "same")


def _highest(signals: Signals) -> float:
    """The best value of the main metric; METRIC_LOW, which is no evidence, where none is known."""
    metric = signals.metric
    known = metric is not None and bool(np.any(np.isfinite(metric)))
    return float(np.nanmax(metric)) if known and metric is not None else METRIC_LOW


RULE = Rule("never-generalised", check, rank=1)
