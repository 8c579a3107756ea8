"""Whether the numbers printed in a heat map are those that its colours show.

Matplotlib colours a value by its place between the least and the most: of 256 levels the one below it. The most is
the largest value of the matrix; the least is 0, or in YOLOv7 and YOLOv5 up to 6.0 the smallest value that is shown.
A colour tells a value to a 256th of the largest: further digits rest on their shapes alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.matrix_pictures.colour_scale import TOP_LEVEL

STEPS = TOP_LEVEL + 1

LEVELS_APART = 1.2
"""Levels by which a colour may lie beside that of its printed value: some neighbours are one colour in eight bits."""

ROUNDED = 0.005
"""What printing two decimals takes from or adds to a fraction."""

HIDDEN = 0.005
"""Fractions below this are not drawn."""


def agree(values: Floats, level: Floats, fractions: bool) -> npt.NDArray[np.bool_]:
    """Where printed values (cells,) have the colours, ``level`` (cells,) 0 to 255, that the scale gives them.

    Counts are whole and their scale begins at 0. Fractions were rounded to two decimals; where all are the same, on
    a scale that begins with the least, the fifteenth decimal gives them any colour.
    """
    high = top_of(values, level)
    if not fractions:
        return _on_scale(values, level, 0.0, high, 0.0)
    low = float(values.min())
    if low == float(values.max()):
        return np.ones(len(values), bool)
    scales = [_on_scale(values, level, least, high, ROUNDED) for least in (0.0, low)]
    return max(scales, key=np.count_nonzero)


def top_of(values: Floats, level: Floats) -> float:
    """The value of the darkest colour; where no number was read in a cell of it, by the darkest that has one."""
    darkest = int(level.argmax())
    if level[darkest] >= TOP_LEVEL - LEVELS_APART:
        return float(values.max())
    return float(values[darkest] * STEPS / (level[darkest] + 0.5))


def columns_add_up(values: Floats) -> bool:
    """Whether every column of fractions, shape (size, size) with 0 where nothing is drawn, sums to 1 or is empty."""
    drawn = (values > 0).sum(axis=0)
    slack = ROUNDED * drawn + HIDDEN * (len(values) - drawn)
    total = values.sum(axis=0)
    return bool(np.all((drawn == 0) | (np.abs(total - 1) <= slack + 1e-9)))


def _on_scale(
    values: Floats, level: Floats, low: float, high: float, rounding: float
) -> npt.NDArray[np.bool_]:
    step = (high - low) / STEPS
    least = (values - low - 2 * rounding) / step
    most = (values - low + 2 * rounding) / step
    expected_least = np.clip(np.floor(least), 0, TOP_LEVEL) - LEVELS_APART
    expected_most = np.clip(np.floor(most), 0, TOP_LEVEL) + LEVELS_APART
    return (level >= expected_least) & (level <= expected_most)
