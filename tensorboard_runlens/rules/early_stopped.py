"""Early stopping ended the run: patience ran out, or RunLens ended it past its best.

## What it says
The best epoch plus ``patience`` epochs without improvement is the last epoch, or RunLens recorded that it ended
the training and why. That is the regular end of such a run, whatever a checkpoint says about the epochs planned.

## Why it matters
It is often taken for a crash, or for a reason to train longer; longer training is only likely to
help where the best epoch came late.

## How it decides
What ``track(model, stop="past_best")`` recorded with the last epoch: it ends a training where two things come
together. The metric has fallen from its best by three of its standard errors, or the validation loss overfits with
high confidence; and the forecast gives one point more a chance of at most 30 %. Or the metric lies below a best that
a third of the plan has not beaten, and that chance is at most 20 %.

Otherwise: last epoch minus first best epoch (by the framework's own fitness) is at least ``patience``, before
the planned end. Releases of Ultralytics up to 8.3.74 counted from the last of equally good epochs; the
sentence says which epoch it was.

## Source
Ultralytics EarlyStopping; statistics/stopping.py; guide 004 misread its own run (best 6 + patience 15 = 21).
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.fitness import Fitness
from tensorboard_runlens.lifecycle import patience, planned_epochs, stopped_by_runlens
from tensorboard_runlens.releases.consequences import STOPPING_TIES
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.run import Stopped
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent, points


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the regular end by early stopping."""
    if signals.state != "early_stopped":
        return None
    stopped = stopped_by_runlens(signals.run)
    if stopped is not None:
        return _past_its_best(signals, stopped)
    return _patience_ran_out(signals)


def _past_its_best(signals: Signals, stopped: Stopped) -> Finding:
    """RunLens ended it."""
    last = signals.epoch(signals.rows - 1)
    reasons = []
    if stopped.drop is not None:
        reasons.append(f"{stopped.metric} had fallen {points(stopped.drop)} from its best stretch")
    if stopped.excess is not None:
        reasons.append(f"validation loss had risen {percent(stopped.excess)}")
    if not reasons:
        reasons.append(
            f"{stopped.metric} had not been higher for {last - stopped.best_epoch} epochs"
        )
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"Ended by RunLens at epoch {last} of {planned_epochs(signals.run)}, past its best at epoch"
            f" {stopped.best_epoch}: {' and '.join(reasons)}, and one point more had a chance of"
            f" {percent(stopped.chance)}."
        ),
        clause=f"Stopped by RunLens at epoch {last}, past its best",
        evidence={
            "best_epoch": stopped.best_epoch,
            "last_epoch": last,
            "best": stopped.best,
            "metric_drop": stopped.drop,
            "excess": stopped.excess,
            "chance": stopped.chance,
        },
        span=(_row(signals, stopped.best_epoch), signals.rows - 1),
        advice=[advise(signals, "use-best")],
    )


def _metric(signals: Signals) -> tuple[str, str]:
    (group, name) = (signals.metric_name or "box map50_95").split()
    return (group, name)


def _row(signals: Signals, epoch: int) -> int:
    return min(int(np.searchsorted(signals.run.history.epoch, epoch)), signals.rows - 1)


def _patience_ran_out(signals: Signals) -> Optional[Finding]:
    """The framework ended it."""
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
