"""Early stopping was asked for and can never happen.

## What it says
``patience`` is as large as the number of epochs, or larger.

## Why it matters
Who sets patience counts on an early end. Here every epoch will be trained, however long nothing improves.

## How it decides
A ``patience`` other than the framework's own, and not below the planned epochs: even if the first epoch were the best,
the last one would come before patience ran out. It speaks before the first epoch and while the training runs;
afterwards there is nothing to change. A patience of 0 means no early stopping, and nothing is said.

## Source
Ultralytics utils/torch_utils.py, EarlyStopping: it stops where the last epoch minus the best one is at least patience.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import patience, planned_epochs
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.signals import Signals

DEFAULTS = (50, 100)
"""The frameworks' own patience, 50 in early releases of Ultralytics 8: nobody has asked for it."""

USUAL_SHARE = 4
"""A quarter of the epochs without a better one is a patience that can run out: our judgement."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a patience that cannot run out."""
    (allowed, planned) = (patience(signals.run), planned_epochs(signals.run))
    if planned is None or allowed < planned or allowed in DEFAULTS or not signals.can_be_changed:
        return None
    return Finding(
        severity="info",
        confidence="high",
        summary=f"patience={allowed} with {planned} epochs: early stopping can never end this training.",
        clause=f"patience={allowed} cannot run out in {planned} epochs",
        evidence={"patience": allowed, "planned": planned},
        advice=[
            advise(
                signals,
                "reachable-patience",
                change=("patience", allowed, max(planned // USUAL_SHARE, 1)),
            )
        ],
    )


RULE = Rule("patience-unreachable", check, rank=9)
