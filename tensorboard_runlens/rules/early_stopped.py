"""Early stopping ended the run: patience ran out.

## What it says
The best epoch plus ``patience`` epochs without improvement is the last epoch. That is the regular
end of such a run, whatever a checkpoint says about the epochs planned.

## Why it matters
It is often taken for a crash, or for a reason to train longer; longer training is only likely to
help where the best epoch came late.

## How it decides
Last epoch minus first best epoch (by the framework's own fitness) is at least ``patience``, before
the planned end.

## Source
Ultralytics EarlyStopping; guide 004 misread its own run (best 6 + patience 15 = 21).
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.lifecycle import patience, planned_epochs
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.signals import Signals


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the regular end by early stopping."""
    if signals.state != "early_stopped":
        return None
    fitness = signals.fitness
    row = fitness.first_best_row if fitness else None
    if fitness is None or row is None:
        return None
    (best, last, allowed) = (
        signals.epoch(row),
        signals.epoch(signals.rows - 1),
        patience(signals.run),
    )
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"Ended by early stopping at epoch {last} of {planned_epochs(signals.run)}: no improvement for"
            f" {last - best} epochs after epoch {best} (patience {allowed})."
        ),
        clause=f"Stopped early at epoch {last}",
        evidence={
            "best_epoch": best,
            "last_epoch": last,
            "patience": allowed,
            "fitness": fitness.formula,
        },
        span=(row, signals.rows - 1),
    )


RULE = Rule("early-stopped", check, rank=9)
