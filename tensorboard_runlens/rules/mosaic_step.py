"""The validation loss stepped up when mosaic augmentation was closed, and only then.

## What it says
In the last ``close_mosaic`` epochs training sees whole images instead of mosaics. Training loss
drops at that moment and validation loss may step up; the curves before and after are not
comparable.

## Why it matters
It looks like overfitting and is not: nothing has to be done.

## How it decides
The test of the rule overfitting fires on all epochs and not on those before mosaic was closed.

## Source
Seen in 6 of 31 flagged real trainings; steps of 4 to 7 % with the metric unchanged.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a rise that begins where mosaic ends."""
    verdict = signals.overfitting
    row = signals.close_mosaic_row
    if verdict.verdict != "mosaic_step" or row is None:
        return None
    return Finding(
        severity="info",
        confidence=verdict.confidence,
        summary=(
            f"Validation loss stepped up {percent(verdict.excess)} when mosaic was closed"
            f" at epoch {signals.epoch(row)};"
            " before that it did not overfit."
        ),
        clause=f"Validation loss stepped up when mosaic closed at epoch {signals.epoch(row)}",
        evidence={
            "excess": verdict.excess,
            "p_value": verdict.p_value,
            "close_mosaic": signals.argument("close_mosaic"),
        },
        span=(row, signals.rows - 1),
        advice=[advise(signals, "by-metric")],
    )


RULE = Rule("mosaic-step", check, withdrawn_by=("not-learning", "overfitting"))
