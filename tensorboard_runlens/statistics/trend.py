"""Slopes and orders of short series, shape (n,), finite values."""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.run import Floats


def kendall_tau_with_time(values: Floats) -> float:
    """Mann-Kendall: share of pairs that rise less share that fall, -1..1; 0 for fewer than three values."""
    n = len(values)
    if n < 3:
        return 0.0
    rising = np.sign(values[None, :] - values[:, None])
    return float(rising[np.triu_indices(n, 1)].sum()) / (n * (n - 1) / 2)


def exponential_average(values: Floats, weight: float) -> Floats:
    """Exponential moving average; ``weight`` is that of each new value."""
    averaged = np.array(values, np.float64)
    for row in range(1, len(averaged)):
        averaged[row] = weight * averaged[row] + (1.0 - weight) * averaged[row - 1]
    return averaged
