"""Whether the validation loss goes with the training loss, and what becomes of the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.late_trend import Trend, late_trend
from tensorboard_runlens.statistics.ranks import spearman

WARM_UP_ROWS = 3
"""Losses of the first three epochs are those of warm-up: both fall steeply there, whatever comes after."""

EPOCHS_MIN = 10
"""Of fewer epochs a rank correlation is anything: its 95 % interval is wider than from .4 to .8."""

LAST = 5
"""The gap at the end is a median of five epochs."""


@dataclass(frozen=True)
class Following:
    """``correlation`` is Spearman's of both losses after warm-up, -1..1, over so many ``epochs``; ``gap`` is validation
    less training loss at the end, and ``late`` its trend in the last quarter."""

    correlation: float
    epochs: int
    gap: float
    late: Trend


def following(train: Floats, val: Floats) -> Optional[Following]:
    """Of two losses by row, both (rows,), NaN where missing; None for too few epochs that have both."""
    both = np.flatnonzero(np.isfinite(train) & np.isfinite(val))
    both = both[both >= WARM_UP_ROWS]
    if len(both) < EPOCHS_MIN:
        return None
    (train, val) = (train[both], val[both])
    gap = val - train
    return Following(
        spearman(train, val), len(both), float(np.median(gap[-LAST:])), late_trend(gap)
    )
