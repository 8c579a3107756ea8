"""The level of a noisy curve: the mean of neighbouring epochs, and how well that is known.

A single epoch is lucky or unlucky, and the best of many is the luckiest: of L equally good ones it lies some
sigma sqrt(2 ln L) above their level. Means of neighbouring epochs are compared instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import SECOND_DIFFERENCE_SD, lag_one
from tensorboard_runlens.statistics.student import wider

EPOCHS = 10
"""Epochs of a mean. Two means of ten are told apart from .6 points on, two last epochs from 1.9 (diagnosis.md 6)."""

SHARE = 3
"""... of a short curve a third of its epochs at most: the rest of it is another stage of the training."""

AROUND = 4
"""The noise is that of so many times the epochs of the mean: a third of them would not tell it."""

PARABOLA = 3
"""Degrees of freedom that a parabola takes."""

FEWEST = 6
"""Epochs after the first third that noise can be told from: a parabola through them leaves three to judge by."""

UNKNOWN_NOISE = 0.016
"""Of one epoch at least where fewer are known: nine of ten real runs shake less (1.6 points, diagnosis.md 5)."""

USUALLY_ALIKE = 0.5
"""Correlation of neighbouring epochs where it is not known: the median of 100 real runs over forty epochs."""

WEIGHT = 10
"""Epochs that this assumption counts for: a dozen epochs show next to nothing of it, forty most."""

MOST_ALIKE = 0.8
"""Correlation that is reckoned with at most; a short stretch shows no more."""

FEWEST_FREE = 2.0
"""Independent epochs that the noise is told by at least: Student's quantile for one has no end that is of use."""


@dataclass(frozen=True)
class Level:
    """The mean of the values ``first`` to ``last`` (indices, both included); 1.96 of its ``error`` hold it in 95 cases
    of 100. ``sigma`` is the noise of a single value, as it was ``seen`` or, of too few values, is assumed; ``rise`` is
    what the curve gained over them, noise apart."""

    mean: float
    error: float
    sigma: float
    rise: float
    first: int
    last: int
    seen: bool = True


def level_around(values: Floats, centre: int) -> Level:
    """Of the epochs around an index. ``values`` (n,) are finite, n >= 1."""
    count = epochs_of(len(values))
    first = min(max(centre - count // 2, 0), len(values) - count)
    return _level(values, first, count, UNKNOWN_NOISE)


def level_at_end(values: Floats, unknown: float = UNKNOWN_NOISE) -> Level:
    """Of the last epochs. ``values`` (n,) are finite, n >= 1; ``unknown`` is the least noise of too few."""
    count = epochs_of(len(values))
    return _level(values, len(values) - count, count, unknown)


def epochs_of(count: int) -> int:
    """How many of a curve's values make a level."""
    return min(max(count // SHARE, 1), EPOCHS)


def _level(values: Floats, first: int, count: int, unknown: float) -> Level:
    last = first + count - 1
    mean = float(values[first : last + 1].mean())
    if len(values) - len(values) // SHARE < FEWEST:
        sigma = max(unknown, _jumps(values))
        return Level(mean, sigma, sigma, _gain(values, first, last), first, last, seen=False)
    (begin, width) = _surroundings(len(values), first, count)
    around = values[begin : begin + width]
    smooth = _parabola(around)
    (sigma, alike) = _noise(around - smooth)
    independent = (1 - alike) / (1 + alike)
    error = sigma / math.sqrt(max(count * independent, 1.0))
    free = max((width - PARABOLA) * independent, FEWEST_FREE)
    rise = float(smooth[last - begin] - smooth[max(first - begin - 1, 0)])
    return Level(mean, error * wider(free), sigma, rise, first, last)


def _surroundings(length: int, first: int, count: int) -> tuple[int, int]:
    """(first index, number) of the values that tell the noise of a level. The first third of a curve, which rises as no
    parabola does, is left out unless the level lies there."""
    earliest = min(first, length // SHARE)
    width = min(max(AROUND * count, FEWEST), length - earliest)
    return (min(max(first - (width - count) // 2, earliest), length - width), width)


def _gain(values: Floats, first: int, last: int) -> float:
    """What a curve gained over some of its values; a single one gained all it has."""
    if len(values) == 1:
        return float(values[0])
    return float(values[max(last, 1)] - values[max(first - 1, 0)])


def _jumps(values: Floats) -> float:
    """Standard deviation of what is left of slopes in second differences; 0 for fewer than three values."""
    bends = np.diff(values, 2)
    return float(np.sqrt(np.mean(bends**2))) / SECOND_DIFFERENCE_SD if len(bends) else 0.0


def _noise(left: Floats) -> tuple[float, float]:
    """(standard deviation, correlation of neighbours) of what a parabola left, which makes neighbours look less alike
    than they are."""
    count = len(left)
    seen = lag_one(left)
    unbiased = seen + (3 + 5 * seen) / count
    alike = (count * unbiased + WEIGHT * USUALLY_ALIKE) / (count + WEIGHT)
    sigma = math.sqrt(float(left @ left) / (count - PARABOLA))
    return (sigma, min(max(alike, 0.0), MOST_ALIKE))


def _parabola(values: Floats) -> Floats:
    """The parabola through the values that leaves least."""
    rows = np.linspace(-1.0, 1.0, len(values))
    powers = np.stack([np.ones_like(rows), rows, rows * rows], axis=1)
    return np.asarray(powers @ np.linalg.lstsq(powers, values, rcond=None)[0], np.float64)
