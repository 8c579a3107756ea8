"""Iterations of a self-training are missing.

## What it says
Between the first and the last possible iteration some have no metrics: their folder is absent, or
has no metrics.json, or one that cannot be read.

## Why it matters
The best iteration may be among the missing ones, and the final model may not be of the last one.

## How it decides
Iterations are numbered from 0 (supervised), those that a Recorder logged perhaps from 1. Numbers
below the last one that has metrics are missing; so are those up to the planned number where the
arguments or the log state it and the training has ended.

## Source
Guide 003 plans three iterations of self-training and shows the folders 0 to 2.
"""

from __future__ import annotations

from itertools import islice
from typing import Optional

from tensorboard_runlens.lifecycle import first_epoch_number, planned_epochs
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import count

MAX_LISTED = 10
"""Numbers that a sentence lists."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports gaps in the numbering of iterations."""
    if signals.run.axis != "iteration":
        return None
    last = _last_expected(signals)
    missing = _missing(signals, last)
    if not missing:
        return None
    (first, more) = (missing[:MAX_LISTED], len(missing) > MAX_LISTED)
    listed = ", ".join(map(str, first)) + (" and more" if more else "")
    word = "Iteration" if len(missing) == 1 else "Iterations"
    return Finding(
        severity="warning",
        confidence="high",
        summary=(
            f"{word} {listed} of {last + 1 - _first(signals)} without metrics:"
            f" {count(signals.rows, 'iteration')} can be judged."
        ),
        clause=f"{word} {listed} missing",
        evidence={"missing": list(first), "recorded": signals.rows},
        advice=[Advice("evaluate-iteration", "Evaluate the models of these iterations again.")],
    )


def _last_expected(signals: Signals) -> int:
    """The number of the last iteration that was recorded or, once the training has ended, planned; -1 without one."""
    if not signals.rows:
        return -1
    planned = planned_epochs(signals.run) if signals.state != "running" else None
    return max(signals.epoch(signals.rows - 1), (planned or 0) - 1 + _first(signals))


def _first(signals: Signals) -> int:
    return first_epoch_number(signals.run)


def _missing(signals: Signals, last: int) -> list[int]:
    """The first numbers without metrics, one more than are listed: a plan may be somebody's slip of ten millions."""
    there = set(signals.run.history.epoch.tolist())
    return list(
        islice(
            (one for one in range(_first(signals), last + 1) if one not in there), MAX_LISTED + 1
        )
    )


RULE = Rule("missing-iteration", check)
