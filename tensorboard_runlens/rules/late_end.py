"""The training will end later than was planned.

## What it says
When it will end at the present pace, and by how much that is beyond the hours that were given.

## Why it matters
A training that ends at noon does not help in the morning; known after two epochs, that can still be changed.

## How it decides
The plan is ``hours:`` of runlens.yaml, else what ``track(model, hours=8)`` was told. The end is what was taken so far
and, for every epoch that is left, the median of the epochs after the first of each process, which is slow; where
Ultralytics was given ``time``, it ends by that. It speaks from the second epoch on, while the training runs. An early
stop would end it sooner: nothing is known of that.

## Source
Product of pace and epochs; epochs of one training differ by a few percent (rule slow-epochs says where they do not).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import last_planned_epoch, total_seconds
from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration, percent

LIMITS = {
    "share_min": Limit(0.1, "Share of the plan that a guess from few epochs may be off."),
    "share_warning": Limit(0.25, "Share beyond which a night becomes a morning: our judgement."),
}

SURE_MIN = 3
"""Epochs after the first whose median is no accident of one."""


class Pace(NamedTuple):
    """Hours taken so far, hours an epoch, and epochs left."""

    taken: float
    an_epoch: float
    left: float

    @property
    def in_all(self) -> float:
        return self.taken + self.an_epoch * self.left


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports an end that comes too late."""
    (hours, pace) = (_planned(signals), _pace(signals))
    if hours is None or pace is None or signals.state != "running":
        return None
    beyond = pace.in_all - hours
    if beyond < limits["share_min"] * hours:
        return None
    late = f"{duration(beyond)} ({percent(beyond / hours)}) beyond the {duration(hours)} planned"
    return Finding(
        severity="warning" if beyond >= limits["share_warning"] * hours else "info",
        confidence="high" if len(_settled(signals)) >= SURE_MIN else "moderate",
        summary=(
            f"{duration(pace.in_all)} in all at {duration(pace.an_epoch)} an epoch, {late}:"
            f" it ends in {duration(pace.in_all - pace.taken)}."
        ),
        clause=f"It will end {duration(beyond)} later than planned",
        evidence={
            "hours": pace.in_all,
            "hours_planned": hours,
            "hours_left": pace.in_all - pace.taken,
            "hours_an_epoch": pace.an_epoch,
        },
        span=(0, signals.rows - 1),
        advice=list(_advice(signals, hours)),
    )


def _planned(signals: Signals) -> Optional[float]:
    recorded = signals.run.recorded
    return signals.surroundings.hours or (recorded.hours if recorded else None)


def _pace(signals: Signals) -> Optional[Pace]:
    """None before an epoch after the first, and where nothing tells how many are left."""
    (settled, taken) = (_settled(signals), total_seconds(signals.run))
    if not len(settled) or taken is None:
        return None
    (hours, an_epoch) = (taken / SECONDS_AN_HOUR, float(np.median(settled)) / SECONDS_AN_HOUR)
    budget = signals.argument("time")
    if isinstance(budget, (int, float)) and budget > 0:
        return Pace(hours, an_epoch, max(budget - hours, 0.0) / an_epoch)
    end = last_planned_epoch(signals.run)
    return None if end is None else Pace(hours, an_epoch, max(end - signals.epoch(-1), 0))


def _settled(signals: Signals) -> list[float]:
    """Seconds of the epochs that show the pace."""
    seconds = signals.times.seconds
    return [float(one) for one in seconds[np.isfinite(seconds)]]


def _advice(signals: Signals, hours: float) -> Iterator[Advice]:
    if legal("time", signals.run):
        yield advise(signals, "time-budget", change=("time", signals.argument("time"), hours))
    yield advise(signals, "smaller-images")


RULE = Rule("late-end", check, LIMITS, rank=7)
