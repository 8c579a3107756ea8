"""How large a rise chance alone explains: quantiles of gain / sigma^2 for a flat curve with AR(1)
noise.

A flat mean is the least favourable member of "the curve only falls": every steeper curve gives
smaller values. The table is simulated from a seed by ``tools/make_null_table.py``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.unimodal import falling_errors

LENGTHS = (8, 10, 14, 20, 30, 45, 70, 100, 150)
"""Numbers of points for which the table is simulated; between them it is interpolated in log n."""

CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Lag-one correlations of the noise."""

PROBABILITIES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Quantiles that are tabulated; beyond the last the tail is continued as an exponential one."""

SMALLEST_P = 1e-6
"""Smaller probabilities are not distinguished: no simulation reaches them."""

TABLE_FILE = Path(__file__).with_name("null_quantiles.npy")


@lru_cache(maxsize=1)
def table() -> Floats:
    """Quantiles, shape (lengths, correlations, probabilities)."""
    return np.asarray(np.load(TABLE_FILE, allow_pickle=False), np.float64)


def quantiles(n: int, correlation: float) -> Floats:
    """The tabulated quantiles for ``n`` points and a lag-one correlation, shape (probabilities,)."""
    by_length = _weights(math.log(min(max(n, LENGTHS[0]), LENGTHS[-1])), np.log(LENGTHS))
    by_correlation = _weights(min(max(correlation, 0.0), CORRELATIONS[-1]), np.array(CORRELATIONS))
    return np.asarray(np.einsum("l,c,lcp->p", by_length, by_correlation, table()), np.float64)


def p_value(statistic: float, n: int, correlation: float) -> float:
    """Probability that chance alone gives at least this gain / sigma^2; SMALLEST_P..1."""
    if statistic <= 0:
        return 1.0
    known = quantiles(n, correlation)
    tails = np.log(1.0 - np.array(PROBABILITIES))
    if statistic >= known[-1]:
        slope = (tails[-1] - tails[-3]) / max(known[-1] - known[-3], 1e-9)
        log_p = tails[-1] + slope * (statistic - known[-1])
    else:
        log_p = float(np.interp(statistic, [0.0, *known], [0.0, *tails]))
    return min(max(math.exp(log_p), SMALLEST_P), 1.0)


def _weights(value: float, grid: Floats) -> Floats:
    """Linear interpolation weights of ``value`` on a rising grid."""
    return np.array([np.interp(value, grid, row) for row in np.eye(len(grid))])


def simulate(n: int, correlation: float, repeats: int, random: np.random.Generator) -> Floats:
    """``repeats`` draws of gain / sigma^2 for ``n`` points of stationary AR(1) noise with unit variance."""
    noise = random.standard_normal((repeats, n))
    series = np.empty_like(noise)
    series[:, 0] = noise[:, 0]
    innovation = math.sqrt(1.0 - correlation**2)
    for step in range(1, n):
        series[:, step] = correlation * series[:, step - 1] + innovation * noise[:, step]
    return np.array([_gain(row) for row in series.tolist()])


def _gain(values: list[float]) -> float:
    before = np.array([0.0, *falling_errors(values)])
    after = np.array([0.0, *falling_errors(values[::-1])])[::-1]
    return float(before[-1] - (before + after).min())
