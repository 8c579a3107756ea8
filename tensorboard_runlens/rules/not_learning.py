"""The metric has stayed at zero: the model finds nothing.

## What it says
After ten epochs and more no prediction matches a label.

## Why it matters
More epochs rarely help: class numbers, label paths or label format are the usual causes.

## How it decides
Ten validated epochs or more, and the main metric never above one point.

## Source
Guides 001 and 002 ("metrics stay low = not learning"); 59 of 1,107 real trainings have zero metrics
throughout.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import metric_words

LIMITS = {
    "metric_max": Limit(
        0.01, "Highest value of the main metric that still counts as nothing: one point."
    ),
    "epochs_min": Limit(10, "Validated epochs before nothing is called nothing.", least=1),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a metric that never left zero."""
    if signals.metric is None or signals.metric_name is None:
        return None
    values = signals.metric[np.isfinite(signals.metric)]
    if len(values) < limits["epochs_min"] or float(values.max()) > limits["metric_max"]:
        return None
    (group, name) = signals.metric_name.split()
    return Finding(
        severity="critical",
        confidence="high",
        summary=(
            f"No epoch of {len(values)} reached more than {values.max():.3f}"
            f" {metric_words(group, name)}: nothing is learnt."
        ),
        clause="Not learning",
        evidence={"highest": float(values.max()), "epochs": len(values)},
        span=(0, signals.rows - 1),
        advice=[advise(signals, "check-labels")],
    )


RULE = Rule(
    "not-learning", check, LIMITS, rank=1, withdrawn_by=("never-generalised", "unused-loss")
)
