"""Training broke down: the loss rose far above its lowest and did not come back.

## What it says
The optimiser left the region in which it was learning.

## Why it matters
Everything after that moment is wasted; best.pt from before may still be good.

## How it decides
The last five epochs' training loss lies a quarter above its lowest and more than five standard
deviations of its noise, or the last three epochs hold no finite training loss at all. Restarts of
the learning rate can look like this while they last.

## Source
Limits proposed from the corpus of real trainings, where it is rare.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import LAST_ROWS, Signals
from tensorboard_runlens.statistics.noise import inner_medians
from tensorboard_runlens.words import percent


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a training loss that went up and stayed there; a loss that is not finite is the rule non-finite's."""
    total = signals.train_total
    if not signals.diverged or total is None:
        return None
    finite = total[np.isfinite(total)]
    if len(finite) < LAST_ROWS or not np.isfinite(total[-1]):
        return None
    row = int(np.nanargmin(total))
    medians = inner_medians(finite, LAST_ROWS)
    excess = float(medians[-1] / medians.min() - 1)
    return Finding(
        severity="critical",
        confidence="moderate",
        summary=(
            f"Training loss ends {percent(excess)} above its lowest (epoch"
            f" {signals.epoch(row)}) and does not come back."
        ),
        clause=f"Training diverged after epoch {signals.epoch(row)}",
        evidence={"excess": excess, "lowest_epoch": signals.epoch(row)},
        span=(row, signals.rows - 1),
        advice=[
            Advice(
                "lower-lr", "Lower the learning rate by a factor of three, or lengthen the warm-up."
            )
        ],
    )


RULE = Rule("diverged", check, rank=0)
