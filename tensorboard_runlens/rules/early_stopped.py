"""Early stopping ended the run: patience ran out.

## What it says
The best epoch plus ``patience`` epochs without improvement is the last epoch. That is the regular
end of such a run, whatever a checkpoint says about the epochs planned.

## Why it matters
It is often taken for a crash, or for a reason to train longer; longer training is only likely to
help where the best epoch came late.

## How it decides
Last epoch minus first best epoch (by the framework's own fitness) is at least ``patience``, before
the planned end. Releases of Ultralytics up to 8.3.74 counted from the last of equally good epochs; the
sentence says which epoch it was.

## Source
Ultralytics EarlyStopping; guide 004 misread its own run (best 6 + patience 15 = 21).
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.fitness import Fitness
from tensorboard_runlens.lifecycle import patience, planned_epochs
from tensorboard_runlens.releases.consequences import STOPPING_TIES
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.signals import Signals


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the regular end by early stopping."""
    if signals.state != "early_stopped":
        return None
    fitness = signals.fitness
    row = None if fitness is None else _counted_from(signals, fitness)
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
        advice=[advise(signals, "use-best")],
    )


def _counted_from(signals: Signals, fitness: Fitness) -> Optional[int]:
    """The row from which patience was counted: of equally good epochs the first, in old releases the last."""
    row = fitness.best_row
    if row is not None and STOPPING_TIES.known(signals.run.version) == "last":
        spent = signals.epoch(signals.rows - 1) - signals.epoch(row)
        if spent >= patience(signals.run):
            return row
    return fitness.first_best_row


RULE = Rule("early-stopped", check, rank=9)
