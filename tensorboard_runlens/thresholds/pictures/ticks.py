"""The small marks outside the frame: an axis from 0 to 1 has one at each end, and so many between.

An axis that ends elsewhere (at 0.95, or with a margin) has its outermost tick inside, or (at 0.9, at 2)
another number of steps.
"""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.thresholds.pictures.axes import LOOSE, Axes, runs
from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster

LENGTH = 3.5 / 72 / 6 / 0.84
"""Of a tick, as a share of the axes' height: 3.5 pt of a figure of 6 inches, of which the axes take .84."""

BESIDE = 0.006
"""Of the axis' length that a tick may stand beside its end: a frame's width and the picture's pixels."""


STEPS = frozenset({1, 2, 4, 5, 10})
"""Into which matplotlib divides an axis from 0 to 1, depending on its length."""


def ticks_of_0_to_1(raster: Raster, axes: Axes) -> bool:
    """Whether both axes are divided like one from 0 to 1, or are not (seaborn's styles draw no ticks)."""
    reach = LENGTH * axes.height
    (near, far) = (0.35 * reach, 0.75 * reach)
    below = raster.ink[round(axes.bottom + near) : round(axes.bottom + far) + 1]
    beside = raster.ink[:, max(round(axes.left - far), 0) : max(round(axes.left - near), 0) + 1].T
    return _divided(below, axes.left, axes.right) and _divided(beside, axes.top, axes.bottom)


def _divided(strip: Pixels, start: float, end: float) -> bool:
    """``strip`` lies just outside a side and along it."""
    if not strip.size:
        return True
    slack = max(BESIDE * (end - start), 3)
    first = max(int(start - 2 * slack), 0)
    (starts, ends) = runs(strip[:, first : int(end + 2 * slack)].min(axis=0) > LOOSE)
    if len(starts) < 2:
        return True
    middles = first + (starts + ends) / 2
    at_ends = np.abs(middles[0] - start) <= slack and np.abs(middles[-1] - end) <= slack
    return bool(at_ends and len(middles) - 1 in STEPS)
