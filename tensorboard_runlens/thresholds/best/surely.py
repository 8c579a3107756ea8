"""Confidences at which precision or recall surely reaches what is asked for."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.objective import Objective


def surely(objective: Objective, lower: Floats) -> Optional[int]:
    """The index of the confidence to choose, ``lower`` (k,) being the bound of precision or recall at ascending ones.

    For precision the lowest that reaches what is asked for, which has the most recall; for recall the highest,
    which has the most precision. All from there to where the bound is highest reach it, too: a lone one further
    off is luck. None where none does.
    """
    best = int(lower.argmax())
    missed = np.flatnonzero(lower < objective.parameters[0])
    if best in missed:
        return None
    after = int(np.searchsorted(missed, best))
    if objective.kind == "precision":
        return int(missed[after - 1]) + 1 if after else 0
    return int(missed[after]) - 1 if after < len(missed) else len(lower) - 1


def not_reached(objective: Objective, lower: Floats, confidence: Floats) -> str:
    """Why there is no such confidence: how far it goes, rounded down, so as never to say what was asked for."""
    best = int(lower.argmax())
    most = math.floor(lower[best] * 1000) / 1000
    return (
        f"no confidence surely has a {objective.kind} of {objective.parameters[0]:g}: "
        f"the most is {most:g}, at {confidence[best]:.3f}"
    )
