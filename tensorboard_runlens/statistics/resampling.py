"""Images drawn again with replacement: how far a number of a validation would differ on other images of the kind.

Detections of one image depend on each other, so images are drawn and never single detections.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.student import wider

MAX_UNITS = 2000
"""Units that are drawn. Of more images, neighbours are drawn together: the spread of a number is as well known from
2,000 units as from 100,000, and neighbours, which may be frames of one video, only make it wider."""

REPLICATES = 1000
"""Draws of an interval: its ends then lie within 1.4 percentage points of the wanted quantiles (95 %)."""

TAIL = 0.025
"""On each side of an interval of 95 %."""

Weights = npt.NDArray[np.float32]


def unit_of(images: int) -> Integers:
    """(images,) the unit that each image is drawn with, from 0 up; fewer than MAX_UNITS images are a unit each."""
    return np.arange(images, dtype=np.int64) * units_of(images) // max(images, 1)


def units_of(images: int) -> int:
    """How many units so many images make."""
    return min(images, MAX_UNITS)


def draws(units: int, replicates: int = REPLICATES, seed: int = 0) -> Weights:
    """(replicates, units) how often each unit was drawn; every row sums up to ``units``. Needs a unit at least."""
    drawn = np.random.default_rng(seed).integers(0, units, (replicates, units))
    drawn += np.arange(replicates)[:, None] * units
    counts = np.bincount(drawn.ravel(), minlength=replicates * units)
    return counts.reshape(replicates, units).astype(np.float32)


def interval_of_draws(drawn: Floats, value: float, wider: float = 1.0) -> tuple[float, float]:
    """What 95 % of the drawn values lie in, both ends moved away from ``value`` by a factor; the value lies within."""
    (low, high) = (np.quantile(drawn, [TAIL, 1 - TAIL]) - value) * wider
    return (float(value + min(low, 0)), float(value + max(high, 0)))


def widening(images: int) -> float:
    """The factor by which draws of few images vary too little: Student's quantile over the normal one, and the images
    that one would divide by over one less. Needs two images at least."""
    return wider(images - 1) * math.sqrt(images / (images - 1))
