"""How likely it is that a rise of the validation loss is a real overfit, from five traits of the two losses.

A logistic calibrated on histories of which the truth is known: ``tools/fit_calibration.py`` fits it and measures it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

POINTS_UNIT = 50.0
RISE_UNIT = 0.02
DROP_UNIT = 0.05
"""What counts as one unit of: number of points, rise, fall of the training loss. Part of the calibration."""

WEIGHTS = (-0.348, 1.324, 1.855, 1.016, -0.278)
BIAS = -6.545
"""Calibration by ``tools/fit_calibration.py`` (November 2026): 879 real trainings of small networks, 2,135 parametric
and 419 published simulated histories, each of the first two kinds with the same weight, the last with half of it."""

LARGEST_LOG_ODDS = 50.0
"""Beyond it a probability is 0 or 1 to every digit."""


@dataclass(frozen=True)
class Traits:
    """What is known of a rise.

    ``p_value`` is how often chance alone rises as much, ``rise`` how far the end lies above the minimum in log units,
    ``train_drop`` the relative fall of the training loss since, ``trend`` Kendall's tau of the validation loss with
    time after its minimum, ``points`` the length of the series.
    """

    p_value: float
    rise: float
    train_drop: float
    trend: float
    points: int


def features(traits: Traits) -> tuple[float, ...]:
    """The traits on the scales of the logistic, in the order of WEIGHTS."""
    return (
        math.log10(traits.p_value),
        _signed_log(traits.rise / RISE_UNIT),
        _signed_log(traits.train_drop / DROP_UNIT),
        traits.trend,
        math.log(traits.points / POINTS_UNIT),
    )


def log_odds(traits: Traits) -> float:
    """Logarithm of how many times likelier a real overfit is than none."""
    total = BIAS + sum(weight * value for (weight, value) in zip(WEIGHTS, features(traits)))
    return min(max(total, -LARGEST_LOG_ODDS), LARGEST_LOG_ODDS)


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)
