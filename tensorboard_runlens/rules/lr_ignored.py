"""The initial learning rate that was given was not used.

## What it says
``lr0`` was set, and ``optimizer=auto`` chose a rate of its own.

## Why it matters
Trainings that differ in ``lr0`` only are then the same training, and a search over it finds noise.

## How it decides
Ultralytics with ``optimizer: auto`` and an ``lr0`` that is not the default, and a rate after warm-up that is not that
``lr0``; before warm-up is over, the rate that the callback found the optimizer to begin with. args.yaml is written
before the choice is made, so it keeps the rate that was asked for.

## Source
Ultralytics engine/trainer.py, build_optimizer.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limits, Rule
from tensorboard_runlens.signals import Signals

DEFAULT = 0.01
"""Ultralytics' own lr0: nobody has asked for it."""

DIFFERENCE = 0.1
"""A tenth between the rate asked for and that used is more than rounding."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports an lr0 that optimizer=auto put aside."""
    if signals.run.framework != "ultralytics" or signals.argument("optimizer") != "auto":
        return None
    asked = signals.argument("lr0")
    if not isinstance(asked, float) or not asked > 0 or asked == DEFAULT:
        return None
    used = signals.schedule.initial or _recorded(signals, asked)
    if used is None or abs(used - asked) <= DIFFERENCE * asked:
        return None
    return Finding(
        severity="info",
        confidence="high",
        summary=f"lr0={asked:g} was not used: optimizer=auto trained with {used:.3g}.",
        clause=f"lr0={asked:g} was not used",
        evidence={"lr0": asked, "used": used},
        advice=[advise(signals, "name-optimizer")],
    )


def _recorded(signals: Signals, asked: float) -> Optional[float]:
    """The rate that the optimizer began with, of several groups the nearest to the one asked for."""
    recorded = signals.run.recorded
    rates = recorded.learning_rates if recorded else ()
    return min(
        (rate for rate in rates if rate > 0), key=lambda rate: abs(rate - asked), default=None
    )


RULE = Rule("lr-ignored", check, rank=9)
