"""Some epochs took far longer than the others.

## What it says
From some epoch on each took half as long again or more, or single epochs took several times as long: a laptop that
slept, other programs on the machine, a network drive that hung.

## Why it matters
It costs time and says nothing about the model; and the time that a training is said to take is wrong.

## How it decides
Seconds of an epoch are differences of the time column. The first epoch of each process is left out, as are epochs
without validation where others have one. The usual duration is the lower quartile of the epochs with mosaic, as those
after ``close_mosaic`` read fewer images. Slow are five epochs in a row that take longer by the first limit, and any
epoch that does by the second. Severity is the time lost. A stretch may have been planned, so its confidence is
moderate; of runs that the callback recorded throughput-drift says more of it.

## Source
Limits proposed: of 170 real runs with times eight lost more than six minutes so.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Integers
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration, epochs

LIMITS = {
    "lasting_min": Limit(1.5, "Times the usual duration that is no fluctuation when it lasts."),
    "single_min": Limit(3.0, "Times the usual duration at which a single epoch was held up."),
    "hours_min": Limit(0.1, "Hours lost that are worth a word: six minutes."),
    "hours_warning": Limit(1.0, "Hours lost that are worth looking for the cause."),
}

STRETCH_SHARE = 0.8
"""Slow epochs that are as much of the epochs between the first and the last of them are told as one stretch."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the time lost in slow epochs."""
    (times, usual) = (signals.times, signals.times.usual)
    rows = times.slow(limits["lasting_min"], limits["single_min"])
    if usual is None or not len(rows) or signals.short_by_design:
        return None
    hours = float((times.seconds[rows] - usual).sum()) / SECONDS_AN_HOUR
    if hours < limits["hours_min"]:
        return None
    (first, last) = (int(rows[0]), int(rows[-1]))
    return Finding(
        severity="warning" if hours >= limits["hours_warning"] else "info",
        confidence="moderate" if _are_stretch(rows) else "high",
        summary=f"{duration(hours)} lost: {_which(signals, rows, usual)}.",
        clause=f"Slow epochs cost {duration(hours)}",
        evidence={
            "hours": hours,
            "slow_epochs": len(rows),
            "usual_seconds": usual,
            "longest_seconds": float(times.seconds[rows].max()),
            "epochs": signals.rows,
        },
        span=(first, last),
        advice=[advise(signals, "check-programs")],
    )


def _are_stretch(rows: Integers) -> bool:
    return len(rows) > 1 and len(rows) >= STRETCH_SHARE * (rows[-1] + 1 - rows[0])


def _which(signals: Signals, rows: Integers, usual: float) -> str:
    """The slow epochs as one stretch, or the longest of them."""
    (seconds, first, last) = (signals.times.seconds, int(rows[0]), int(rows[-1]))
    each = duration(usual / SECONDS_AN_HOUR)
    if _are_stretch(rows):
        times = float(np.median(seconds[rows])) / usual
        which = epochs(signals.epoch(first), signals.epoch(last))
        return f"{which} took {times:.1f} times as long as usual ({each})"
    longest = int(rows[np.argmax(seconds[rows])])
    times = float(seconds[longest]) / usual
    more = f", {len(rows) - 1} more were slow" if len(rows) > 1 else ""
    return f"epoch {signals.epoch(longest)} took {times:,.0f} times as long as usual ({each}){more}"


RULE = Rule("slow-epochs", check, LIMITS, rank=8, withdrawn_by=("throughput-drift",))
