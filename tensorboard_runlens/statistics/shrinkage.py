"""Numbers of several groups of unequal size, each drawn towards their mean as far as its own size leaves it in doubt.

Empirical Bayes with a normal prior whose spread comes from the values themselves (Paule and Mandel's estimate):
where they differ no more than chance makes them, all are drawn to the mean entirely.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats

Z_90 = 1.281552
"""Standard normal quantile of a one-sided 90 % bound."""

HALVINGS = 20
"""Of the interval in which the spread is looked for: a millionth of it is left."""


def shrunk(values: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """(means, standard deviations), (groups,) each, of what the groups' true values are believed to be.

    ``variances`` are those of chance, positive. Needs a group at least.
    """
    spread = _spread(values, variances)
    if spread == 0:
        weight = 1 / variances
        mean = float(weight @ values / weight.sum())
        return (np.full(len(values), mean), np.full(len(values), math.sqrt(1 / weight.sum())))
    total = 1 / (variances + spread)
    mean = float(total @ values / total.sum())
    kept = spread / (variances + spread)
    return (mean + kept * (values - mean), np.sqrt(kept * variances))


def _spread(values: Floats, variances: Floats) -> float:
    """Variance of the true values: the one with which the values differ from their mean as they should."""
    (low, high) = (0.0, float(np.ptp(values)) ** 2)
    if _excess(values, variances) <= 0:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        (low, high) = (middle, high) if _excess(values, variances + middle) > 0 else (low, middle)
    return (low + high) / 2


def _excess(values: Floats, variances: Floats) -> float:
    """Squared distances from the mean, in units of their variances, beyond as many as are free."""
    weight = 1 / variances
    mean = weight @ values / weight.sum()
    return float(weight @ (values - mean) ** 2) - (len(values) - 1)


def below_p(means: Floats, deviations: Floats, border: float) -> Floats:
    """(groups,) how likely each true value is not below the border, normal tails."""
    z = (border - means) / deviations
    return np.array([0.5 * math.erfc(one / math.sqrt(2)) for one in z.tolist()])


def discoveries(p_values: Floats, rate: float) -> npt.NDArray[np.bool_]:
    """(n,) which of many to report, so that the share of wrong ones stays below ``rate`` (Benjamini and Hochberg)."""
    n = len(p_values)
    ordered = np.sort(p_values)
    passed = np.flatnonzero(ordered <= rate * np.arange(1, n + 1) / max(n, 1))
    limit = ordered[passed[-1]] if len(passed) else -1.0
    return np.asarray(p_values <= limit, np.bool_)
