"""The validation loss has risen from the first epochs on and never improved.

## What it says
Nothing that was learnt carried over to the validation images.

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

from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a validation loss that only ever rose."""
    verdict = signals.overfitting
    if verdict.verdict != "never_generalised" or verdict.onset is None:
        return None
    return Finding(
        severity="info" if verdict.quality == "better" else "critical",
        confidence=verdict.confidence,
        summary=(
            f"Validation loss has risen since the first epochs and ends {percent(verdict.excess)} above its minimum,"
            f" while training loss fell{', but the metric still improved' if verdict.quality == 'better' else ''}."
        ),
        clause="Validation loss rose from the first epochs on",
        evidence={"excess": verdict.excess, "p_value": verdict.p_value, "quality": verdict.quality},
        span=(0, signals.rows - 1),
        advice=[
            Advice(
                "check-split",
                "Compare training and validation images, labels and class order; check how they were split.",
            ),
            Advice(
                "lower-lr",
                "When starting from weights trained on this data, lower the learning rate.",
            ),
        ],
    )


RULE = Rule("never-generalised", check, rank=1)
