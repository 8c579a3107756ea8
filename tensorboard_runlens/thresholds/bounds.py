"""Confidences at which precision or recall surely reaches what is asked for."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.thresholds.objective import Objective

Z_ONE_SIDED = 1.644854
"""Standard normal quantile of a one-sided 95 % bound."""


def lower_bound(part: Integers, whole: Integers) -> Floats:
    """What the share of ``part`` in ``whole`` is at least, in 95 of 100 cases: Wilson's one-sided bound, 0 where the
    whole is 0. It takes cases for independent, which those of an image are not: images resampled say more."""
    square = Z_ONE_SIDED**2
    count = np.maximum(whole, 1).astype(np.float64)
    share = part / count
    half = Z_ONE_SIDED * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    bound = (share + square / (2 * count) - half) / (1 + square / count)
    return np.asarray(np.where(whole > 0, np.maximum(bound, 0), 0), np.float64)


def surely(objective: Objective, lower: Floats) -> Optional[int]:
    """The index of the confidence to choose, ``lower`` (k,) being the bound of precision or recall at ascending ones.

    For precision the lowest that reaches what is asked for, which has the most recall; for recall the highest,
    which has the most precision. None where none does.
    """
    reached = np.flatnonzero(lower >= objective.parameters[0])
    if not len(reached):
        return None
    return int(reached[0] if objective.kind == "precision" else reached[-1])


def not_reached(objective: Objective, lower: Floats, confidence: Floats) -> str:
    """Why there is no such confidence: how far it goes, rounded down, so as never to say what was asked for."""
    best = int(lower.argmax())
    most = math.floor(lower[best] * 1000) / 1000
    return (
        f"no confidence surely has a {objective.kind} of {objective.parameters[0]:g}: "
        f"the most is {most:g}, at {confidence[best]:.3f}"
    )
