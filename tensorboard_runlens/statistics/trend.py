"""Slopes and orders of short series, shape (n,), finite values."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats

Rows = npt.NDArray[np.int64]

MAX_COMPARED = 500
"""Values whose pairs are compared; of longer series as many, evenly spread: pairs grow with the square."""


@np.errstate(over="ignore")
def kendall_tau_with_time(values: Floats) -> float:
    """Mann-Kendall: share of pairs that rise less share that fall, -1..1; 0 for fewer than three values."""
    n = len(values)
    if n < 3:
        return 0.0
    rising = np.sign(values[None, :] - values[:, None])
    return float(rising[np.triu_indices(n, 1)].sum()) / (n * (n - 1) / 2)


@lru_cache(maxsize=32)
def _pairs(n: int) -> tuple[Rows, Rows]:
    (first, second) = np.triu_indices(n, 1)
    return (first, second)


def theil_slope(values: Floats) -> float:
    """Median of the slopes of all pairs, a row: wild values are not followed. Needs two values; few, since pairs grow
    with the square."""
    (first, second) = _pairs(len(values))
    return float(np.median((values[second] - values[first]) / (second - first)))


def falling_p(values: Floats) -> float:
    """Mann-Kendall, one-sided: how likely values without a trend fall as much by chance; 1 for fewer than three.

    Normal approximation without ties, good from about ten values on.
    """
    if len(values) > MAX_COMPARED:
        values = values[np.linspace(0, len(values) - 1, MAX_COMPARED).round().astype(np.int64)]
    n = len(values)
    if n < 3:
        return 1.0
    sigma = math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    return 0.5 * math.erfc(-kendall_tau_with_time(values) / sigma / math.sqrt(2))
