"""Gradients died away before the model had learnt.

## What it says
The steps of the optimizer became a thousand times smaller while the training loss is still high.

## Why it matters
Weights that hardly change learn nothing, however long the training goes on.

## How it decides
The median gradient norm of an epoch, before clipping, as a running median of three epochs: at the end
it is a thousandth of its highest or less, and the training loss has not been halved. Where the loss has
fallen, small gradients are the aim. Known of runs recorded with ``track(model, gradients=True)``.

## Source
Limits proposed, without trainings to measure them on: low confidence, moderate where the norm is 0.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.divergence import LAST_ROWS
from tensorboard_runlens.statistics.noise import inner_medians
from tensorboard_runlens.words import percent

LIMITS = {
    "norm_share_max": Limit(
        0.001, "End of the median norm as share of its highest: three orders of magnitude."
    ),
    "loss_share_min": Limit(0.5, "Share of its first training loss that the model still has."),
    "epochs_min": Limit(6, "Epochs that two separate running medians need.", least=6),
}

WINDOW = 3
"""Epochs of a running median."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports gradients that are gone."""
    rows = signals.machine.settled_rows("gradient_p50")
    if len(rows) < limits["epochs_min"]:
        return None
    medians = inner_medians(signals.machine.value("gradient_p50")[rows], WINDOW)
    (highest, end, left) = (float(medians.max()), float(medians[-1]), _loss_left(signals))
    if left is None or left < limits["loss_share_min"]:
        return None
    if highest > 0 and end / highest > limits["norm_share_max"]:
        return None
    first = int(rows[int(medians.argmax()) + WINDOW // 2])
    return Finding(
        severity="warning",
        confidence="low" if end > 0 else "moderate",
        summary=(
            f"The median gradient norm fell from {highest:.3g} in epoch {signals.epoch(first)} to"
            f" {end:.3g}, while the training loss is still {percent(left)} of its first."
        ),
        clause="Gradients vanished before the loss fell",
        evidence={"highest": highest, "end": end, "loss_share": left},
        span=(first, int(rows[-1])),
        advice=[
            Advice(
                "check-gradients",
                "Check that the layers are not frozen, that the learning rate is not 0, and the scale of the loss.",
            )
        ],
    )


def _loss_left(signals: Signals) -> Optional[float]:
    """Training loss at the end as share of the first one."""
    total = signals.train_total
    finite = np.empty(0) if total is None else total[np.isfinite(total)]
    if len(finite) < LAST_ROWS or finite[0] <= 0:
        return None
    return float(np.median(finite[-LAST_ROWS:]) / finite[0])


RULE = Rule("vanishing-gradients", check, LIMITS)
