"""Where a curve breaks down and comes back: collapses of a metric, spikes of a loss.

Measured from the best level reached so far, so that a breakdown of many epochs is seen as well as one of a single
epoch, and in units of the curve's own noise, so that a curve that always jumps is not called broken at every jump.
A fall that does not come back is a decline, which is judged elsewhere.
"""

from __future__ import annotations

import math
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import running_median, second_difference_sigma

Mask = npt.NDArray[np.bool_]
Spell = tuple[int, int]
"""First and last row of a breakdown."""

MIN_KNOWN = 20
"""Fewer values do not tell noise from breakdowns: of fewer than ten epochs the rule too-short speaks."""

WARM_UP_SHARE = 0.1
"""Beginning of a curve in which it jumps by nature: the learning rate warms up and nothing is reached yet."""

LEVEL_WINDOW = 5
"""Running median that stands for the level: a single lucky epoch is none."""

COLLAPSE_SHARE = 0.25
"""A collapse takes a quarter of the level that was reached ..."""

COLLAPSE_MIN = 0.05
"""... and five points at least ..."""

SPIKE_RATIO = 1.3
"""A spike lies 30 % above the lowest level so far: one real training in six has such a one after its warm-up ..."""

SIGMAS = 6.0
"""... and either lies further off than six standard deviations of the noise from epoch to epoch. Of 5 to 6, labels by
eye of 180 real trainings prefer 6."""

BACK_SHARE = 0.5
"""A breakdown ends where less than half of its depth is left."""


def collapses(metric: Floats) -> list[Spell]:
    """Breakdowns of a metric (n,), fraction 0..1, NaN where it was not measured, from which it came back."""
    known = np.flatnonzero(np.isfinite(metric))
    values = metric[known]
    if len(values) < MIN_KNOWN or _deepest(-values) <= COLLAPSE_MIN:
        return []
    level = np.maximum.accumulate(running_median(values, LEVEL_WINDOW))
    depth = np.maximum(COLLAPSE_MIN, COLLAPSE_SHARE * level)
    return _spells(known, level - values, depth, values)


def spikes(loss: Floats) -> list[Spell]:
    """Breakdowns of a loss (n,), positive where it was measured, from which it came back."""
    with np.errstate(invalid="ignore"):
        known = np.flatnonzero(np.isfinite(loss) & (loss > 0))
    values = np.log(loss[known])
    if len(values) < MIN_KNOWN or _deepest(values) <= math.log(SPIKE_RATIO):
        return []
    level = np.minimum.accumulate(running_median(values, LEVEL_WINDOW))
    return _spells(known, values - level, np.full(len(values), math.log(SPIKE_RATIO)), values)


def _warm_up(n: int) -> int:
    return math.ceil(n * WARM_UP_SHARE)


def _deepest(values: Floats) -> float:
    """The largest rise after the warm-up above what was lowest before: a bound of every breakdown, quick to tell."""
    return float(np.max((values - np.minimum.accumulate(values))[_warm_up(len(values)) :]))


def _spells(
    known: npt.NDArray[np.int64], gap: Floats, depth: Floats, values: Floats
) -> list[Spell]:
    """Rows in which ``gap`` is wider than ``depth`` and the noise of ``values``, until it has closed by half."""
    start = _warm_up(len(values))
    limit = np.maximum(depth, SIGMAS * second_difference_sigma(values[start:]))
    down = np.flatnonzero(gap > limit)
    back = np.flatnonzero(gap <= BACK_SHARE * limit)
    spells: list[Spell] = []
    row = start
    for first in down:
        if first < row:
            continue
        recovered = int(np.searchsorted(back, first))
        if recovered == len(back):
            break
        row = int(back[recovered])
        spells.append((int(known[first]), int(known[row - 1])))
    return spells


def late_noise(metric: Floats) -> Optional[tuple[float, float]]:
    """(standard deviation from epoch to epoch, level) of the second half, fractions; None where nothing can be told."""
    values = metric[np.isfinite(metric)]
    late = values[len(values) // 2 :]
    if len(values) < MIN_KNOWN or float(np.median(late)) <= 0:
        return None
    return (second_difference_sigma(late), float(np.median(late)))
