"""Where a metric stands, and where it is heading: curves that level off, fitted to what is there so far.

A metric rises as c - a (x + 1)^-alpha or as c - a exp(-x / tau), and nobody knows as which, nor how fast. Each of a
few shapes is fitted by least squares, which is a closed form once alpha or tau is given, and their ends are averaged
by how well they fit. Recent epochs count more: what a curve does late tells most about its end.
"""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import inner_medians, running_median

STRETCH = 5
"""The level of a metric is a median of five validated epochs: one lucky epoch is none."""

SMOOTHED = 3
"""Curves are fitted to a running median of three: one collapsed epoch bends none."""

POWERS = np.array([0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0])
"""alpha: from curves that rise almost as a logarithm to such that are through after a few epochs."""

TIMES = np.array([0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0, 2.0])
"""tau as share of the epochs seen: from levelled off long ago to almost straight."""

WARM_UP_SHARE = 0.3
"""First share of the epochs that is left out: warm-up follows no such curve."""

RECENCY = 3.0
"""The last epoch weighs e^3, twenty times, as much as the first of those fitted."""

INDEPENDENT_SHARE = 0.15
"""Share of the epochs that count as independent when shapes are weighed: neighbours err alike."""

NOISE_MIN = 0.002
"""Shapes are not told apart by residuals below a fifth of a point: tables are rounded."""


def levels(values: Floats) -> Floats:
    """Highest level so far after each full stretch, shape (n - STRETCH + 1,); needs STRETCH finite values."""
    return np.maximum.accumulate(inner_medians(values, STRETCH))


def continued(done: Floats, values: Floats, at: float) -> float:
    """The metric after ``at`` epochs if it goes on as it did, at most 1.

    ``values`` are finite fractions 0..1 after ``done`` epochs, both of shape (n,), n >= STRETCH. No curve falls.
    """
    first = int(WARM_UP_SHARE * len(values))
    (done, values) = (done[first:], running_median(values, SMOOTHED)[first:])
    weights = np.exp(RECENCY * (done - done[-1]) / (done[-1] - done[0] + 1.0))
    weights /= weights.sum()
    (shapes, ends) = _shapes(done, at)
    mean = float(weights @ values)
    means = shapes @ weights
    (shapes, values) = (shapes - means[:, None], values - mean)
    spread = np.maximum(shapes**2 @ weights, 1e-12)
    slopes = np.minimum(shapes @ (weights * values) / spread, 0.0)
    errors = (values - slopes[:, None] * shapes) ** 2 @ weights
    evidence = -0.5 * INDEPENDENT_SHARE * len(values) * np.log(np.maximum(errors, NOISE_MIN**2))
    likelihood = np.exp(evidence - evidence.max())
    forecasts = np.minimum(mean + slopes * (ends - means), 1.0)
    return float(likelihood @ forecasts / likelihood.sum())


def _shapes(done: Floats, at: float) -> tuple[Floats, Floats]:
    """What falls to zero in each curve: at the epochs done, shape (shapes, n), and after ``at`` epochs."""
    epochs = np.append(done, at)
    power = (epochs + 1.0) ** -POWERS[:, None]
    exponential = np.exp(-epochs / (TIMES[:, None] * done[-1]))
    shapes = np.concatenate([power, exponential])
    return (shapes[:, :-1], shapes[:, -1])
