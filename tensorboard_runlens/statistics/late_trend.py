"""Whether a curve still moves at its end: its slope over the last quarter, and how sure that is.

The slope is the median of those of all pairs (Theil and Sen), the test is Mann and Kendall's, both deaf to outliers.
Neighbouring epochs err alike, so the variance of the test grows with the correlation of what is left of the values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import likeness

SHARE = 4
"""The last quarter of the epochs."""

EPOCHS_MIN = 5
"""... and five at least: fewer show no trend, however they fall."""

LINE = 2
"""Parameters of the straight line that is taken from the values."""

MAX_COMPARED = 100
"""Values whose pairs are compared; of longer quarters as many, evenly spread: pairs grow with the square."""

DIGITS = 5
"""Tables hold no more: what is left of a straight line beyond them is nobody's noise."""

NORMAL_90 = 1.645
"""Standard deviations that hold 90 % of a normal distribution."""


@dataclass(frozen=True)
class Trend:
    """``gain`` is what the slope adds over the quarter, ``interval`` its 90 % interval, in the unit of the values;
    ``p_rising`` is how likely values without a trend rise as much. ``first`` is the index the quarter begins with."""

    gain: float
    interval: tuple[float, float]
    p_rising: float
    first: int


@np.errstate(over="ignore", invalid="ignore")
def late_trend(values: Floats) -> Trend:
    """Of the end of a curve. ``values`` (n,) are finite, n >= EPOCHS_MIN; beyond all measure they make NaN."""
    first = len(values) - max(len(values) // SHARE, EPOCHS_MIN)
    rows = np.arange(first, len(values))
    if len(rows) > MAX_COMPARED:
        rows = rows[np.linspace(0, len(rows) - 1, MAX_COMPARED).round().astype(np.int64)]
    late = values[rows]
    (earlier, later) = np.triu_indices(len(rows), 1)
    rises = late[later] - late[earlier]
    slopes = np.sort(rises / (rows[later] - rows[earlier]))
    slope = float(np.median(slopes))
    rest = late - slope * rows
    spread = _spread(np.round(rest - np.median(rest), DIGITS))
    length = len(values) - 1 - first
    half = NORMAL_90 * spread / 2
    middle = (len(slopes) - 1) / 2
    (low, high) = np.interp([middle - half, middle + half], np.arange(len(slopes)), slopes)
    z = float(np.sign(rises).sum()) / spread
    return Trend(
        gain=slope * length,
        interval=(float(low) * length, float(high) * length),
        p_rising=0.5 * math.erfc(z / math.sqrt(2)),
        first=first,
    )


def _spread(rest: Floats) -> float:
    """Standard deviation of rising less falling pairs of values without a trend that are as alike as these."""
    n = len(rest)
    alike = likeness(rest, LINE)
    return math.sqrt(n * (n - 1) * (2 * n + 5) / 18 * (1 + alike) / (1 - alike))
