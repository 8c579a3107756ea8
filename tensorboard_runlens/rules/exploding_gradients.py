"""Gradients grow by orders of magnitude, or are not finite.

## What it says
The optimizer is given steps that no longer fit the model. Clipping shortens them; it does not
turn them the right way.

## Why it matters
It comes before losses that are NaN and a training that diverges. Without mixed precision, which
leaves such steps out, one step that is not finite spoils the weights.

## How it decides
The median gradient norm of an epoch, before clipping, as a running median of three epochs: at the end it
lies far above its lowest, and above the limit of clipping. Or steps without mixed precision whose norm is
not finite. High norms alone are no finding: Ultralytics clips at 10, and 50 to 1,400 are normal in the
first epochs. Known of runs recorded with ``track(model, gradients=True)``.

## Source
Limits proposed, without trainings to measure them on: low confidence, moderate where the training loss
diverged as well.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.noise import inner_medians
from tensorboard_runlens.words import count

LIMITS = {
    "rise_min": Limit(10.0, "Rise of the median norm: an order of magnitude."),
    "norm_min": Limit(10.0, "Norm at which Ultralytics clips: smaller gradients do not explode."),
    "epochs_min": Limit(6, "Epochs that two separate running medians need.", least=6),
    "not_finite_min": Limit(
        1, "Steps that are not finite: without mixed precision one is too many.", least=1
    ),
}

WINDOW = 3
"""Epochs of a running median: one epoch with a bad batch does not count."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports gradients that grew or overflowed."""
    return _not_finite(signals, limits) or _rising(signals, limits)


def _not_finite(signals: Signals, limits: Limits) -> Optional[Finding]:
    machine = signals.machine
    total = int(machine.known("gradient_not_finite").sum())
    if "amp_steps" in machine.values or total < limits["not_finite_min"]:
        return None
    rows = np.flatnonzero(machine.value("gradient_not_finite") > 0)
    return Finding(
        severity="warning",
        confidence="high",
        summary=(
            f"The gradient was not finite in {count(total, 'step')}, first in epoch"
            f" {signals.epoch(int(rows[0]))}."
        ),
        clause=f"Gradients were not finite in {count(total, 'step')}",
        evidence={"not_finite": total, "first_epoch": signals.epoch(int(rows[0]))},
        span=(int(rows[0]), int(rows[-1])),
        advice=[advise(signals, "lower-lr", what=", or lengthen the warm-up")],
    )


def _rising(signals: Signals, limits: Limits) -> Optional[Finding]:
    rows = signals.machine.settled_rows("gradient_p50")
    if len(rows) < limits["epochs_min"]:
        return None
    medians = inner_medians(signals.machine.value("gradient_p50")[rows], WINDOW)
    (lowest, end) = (float(medians.min()), float(medians[-1]))
    if lowest <= 0 or end < limits["norm_min"] or end / lowest < limits["rise_min"]:
        return None
    first = int(rows[int(medians.argmin()) + WINDOW // 2])
    broken = signals.diverged or bool(signals.train_not_finite_rows)
    return Finding(
        severity="warning",
        confidence="moderate" if broken else "low",
        summary=(
            f"The median gradient norm grew {end / lowest:.0f}-fold from epoch"
            f" {signals.epoch(first)} on, to {end:,.4g}."
        ),
        clause=f"Gradients grew {end / lowest:.0f}-fold",
        evidence={"lowest": lowest, "end": end, "from_epoch": signals.epoch(first)},
        span=(first, int(rows[-1])),
        advice=[advise(signals, "lower-lr", what=", or lengthen the warm-up")],
    )


RULE = Rule("exploding-gradients", check, LIMITS)
