"""As how many independent cases an objective counts: what it could be known to if nothing on an image were alike.

Draws of images tell nothing where nothing is wrong, for then they are all the same, and too little where next to
nothing is wrong or a class has a handful of objects. So an interval is never narrower than Wilson's for these cases.
"""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.proportion import wilson
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at
from tensorboard_runlens.thresholds.objective import Objective
from tensorboard_runlens.thresholds.point import Range


def cases(counting: Counting, objective: Objective, confidence: float) -> int:
    """Those of the mean over the classes that have objects, at least 1. Not for a cost, which is no share."""
    (right, found) = (
        one[counting.present, 0] for one in counted_at(counting, np.array([confidence]))
    )
    of_class = _of_class(objective, right, found, counting.instances[counting.present])
    return max(int(len(of_class) ** 2 / (1 / np.maximum(of_class, 1)).sum()), 1)


def at_least(interval: Range, low: float, high: float, cases: int) -> Range:
    """The interval, widened to Wilson's lower end for one share and to his upper end for another."""
    (least, most) = (min(max(share, 0.0), 1.0) for share in (low, high))
    return (min(interval[0], wilson(least, cases)[0]), max(interval[1], wilson(most, cases)[1]))


def _of_class(
    objective: Objective, right: Integers, found: Integers, instances: Integers
) -> Floats:
    """(c,) cases n so that the variance of the objective F is F (1 - F) / n, each true positive, wrong detection and
    missed object being a case of its own (linearised)."""
    if objective.kind != "f":
        return np.asarray(found if objective.kind == "precision" else instances, np.float64)
    square = objective.parameters[0] ** 2
    value = objective.of_counts(right, found, instances)
    weight = (1 + square) * (1 - value) + max(square, 1) * value
    return np.asarray((square * instances + found) / weight)
