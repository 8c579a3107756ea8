"""How well a share is known from a count."""

from __future__ import annotations

import math

import numpy as np

from tensorboard_runlens.run import Floats, Integers

Z_95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""

Z_ONE_SIDED = 1.644854
"""Standard normal quantile of a one-sided 95 % bound."""


def wilson(share: float, count: int, z: float = Z_95) -> tuple[float, float]:
    """The 95 % interval of a share (0..1) that was seen in ``count`` cases.

    Wilson's score interval: unlike the normal approximation it stays within 0..1 and holds for few
    cases and for shares near the ends. Raises ValueError for a count below 1 or a share outside 0..1.
    """
    if count < 1 or not 0 <= share <= 1:
        raise ValueError("a share of 0..1 and at least one case are needed")
    shrink = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / shrink
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / shrink
    return (max(centre - half, 0.0), min(centre + half, 1.0))


def lower_bound(part: Integers, whole: Integers) -> Floats:
    """What the share of ``part`` in ``whole`` is at least, in 95 of 100 cases: Wilson's one-sided bound, 0 where the
    whole is 0. It takes cases for independent, which those of an image are not: images resampled say more."""
    square = Z_ONE_SIDED**2
    count = np.maximum(whole, 1).astype(np.float64)
    share = part / count
    half = Z_ONE_SIDED * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    bound = (share + square / (2 * count) - half) / (1 + square / count)
    return np.asarray(np.where(whole > 0, np.maximum(bound, 0), 0), np.float64)


DESIGN_EFFECT = 2.0
"""Objects of one image are found or missed together, so that two of them are taken to say as much as one that stands
alone: the usual allowance where nobody counted how much they cluster."""


def half_width(share: float, count: int, design_effect: float = DESIGN_EFFECT) -> float:
    """Half the 95 % interval of a share (0..1) of ``count`` objects, which count for fewer than that. Wilson's, which
    does not vanish at 0 and 1. Raises ValueError for a share outside 0..1 or no object."""
    if count < 1:
        raise ValueError("at least one object is needed")
    (low, high) = wilson(share, max(round(count / design_effect), 1))
    return (high - low) / 2


def count_for(share: float, half: float, design_effect: float = DESIGN_EFFECT) -> int:
    """How many objects it takes for half the 95 % interval of a share to be ``half``, above 0: Wilson's, solved."""
    (square, variance) = (Z_95**2, share * (1 - share))
    (b, c) = (2 * square - square * variance / half**2, square**2 - square**2 / (4 * half**2))
    independent = (-b + math.sqrt(max(b * b - 4 * c, 0.0))) / 2
    return max(math.ceil(independent * design_effect), 1)
