"""Losses that are NaN or infinite.

## What it says
In training: a batch overflowed. In validation only: the half-precision evaluation overflowed, while
the model may be fine. Where a training loss stays NaN to the end, the last good checkpoint is named.

## Why it matters
A training loss that stays NaN means that nothing is learnt any more. A single infinite batch is
averaged into its epoch and passes. Validation losses that are not finite cannot be judged, so they
are left out of every verdict.

## How it decides
Counts rows with a value that is not finite, in training and validation apart. Where the callback
recorded the run, epochs that Ultralytics trained again after losses that were not finite count, too: the
result table shows nothing of them.

## Source
Of 1,107 real trainings 65 hold inf and 33 NaN, nearly always in validation losses with a healthy
mAP.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import kept_before
from tensorboard_runlens.words import count

LIMITS = {
    "train_share_warning": Limit(
        0.05, "Share of epochs from which overflowing batches are no accident any more."
    )
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports losses that are not finite."""
    if signals.train_not_finite_rows:
        return _train(signals, limits)
    return _recovered(signals) or _val(signals)


def _val(signals: Signals) -> Optional[Finding]:
    val = signals.val_not_finite_rows
    if not val:
        return None
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"Validation loss is not finite in {count(len(val), 'epoch')} (first: epoch {signals.epoch(val[0])});"
            " those epochs are left out of the verdict."
        ),
        clause="Validation loss is not finite in some epochs",
        evidence={"epochs": len(val), "first_epoch": signals.epoch(val[0]), "side": "val"},
        span=(val[0], val[-1]),
        advice=[advise(signals, "by-metric")],
    )


def _train(signals: Signals, limits: Limits) -> Finding:
    rows = signals.train_not_finite_rows
    to_the_end = rows[-1] == signals.rows - 1 and signals.diverged
    often = len(rows) > limits["train_share_warning"] * signals.rows
    kept = kept_before(signals, rows[0]) if to_the_end else None
    return Finding(
        severity="critical" if to_the_end else "warning" if often else "info",
        confidence="high",
        summary=(
            f"Training loss is not finite in {count(len(rows), 'epoch')} of {signals.rows}"
            f" (first: epoch {signals.epoch(rows[0])}){', to the end' if to_the_end else '; training went on'}"
            f"{'; mixed precision (amp) is on' if signals.machine.mixed else ''}{f'; {kept}' if kept else ''}."
        ),
        clause=(
            f"Training loss is not finite from epoch {signals.epoch(rows[0])} on"
            if to_the_end
            else f"Training loss is not finite in {count(len(rows), 'epoch')}"
        ),
        evidence={"epochs": len(rows), "first_epoch": signals.epoch(rows[0]), "side": "train"},
        span=(rows[0], rows[-1]),
        advice=_advice(signals, kept) if often or to_the_end else [advise(signals, "by-metric")],
    )


def _recovered(signals: Signals) -> Optional[Finding]:
    """Epochs that were trained again from last.pt: the table has their second try only."""
    tries = int(signals.machine.known("nan_recoveries").sum())
    if not tries:
        return None
    rows = np.flatnonzero(signals.machine.value("nan_recoveries") > 0)
    first = signals.epoch(int(rows[0]))
    return Finding(
        severity="warning",
        confidence="high",
        summary=(
            f"Losses or fitness broke down {count(tries, 'time')} (first: epoch {first}); the framework"
            " went back to last.pt and trained the epoch again."
        ),
        clause=f"Losses broke down {count(tries, 'time')} and recovered",
        evidence={"nan_recoveries": tries, "first_epoch": first, "side": "train"},
        span=(int(rows[0]), int(rows[-1])),
        advice=_advice(signals, None),
    )


def _advice(signals: Signals, kept: Optional[str]) -> list[Advice]:
    keys = ("use-best", "amp-off", "lower-lr") if kept else ("amp-off", "lower-lr")
    return [
        advise(signals, key)
        for key in keys
        if key != "amp-off" or signals.argument("amp") is not False
    ]


RULE = Rule("non-finite", check, LIMITS, rank=0)
