"""The rule iteration-regressed."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import SelfTraining


def losing(drop: float) -> SelfTraining:
    """Three iterations, of which the last is worse than the best by as much."""
    return SelfTraining({0: {"f1": 0.65}, 1: {"f1": 0.7}, 2: {"f1": 0.7 - drop}})


FIRES = Example("The last iteration is worse than the one before.", trainings.REGRESSED)
QUIET = [
    Example("Each iteration is better.", trainings.ITERATIONS),
    Example("The metric of a detector's training falls.", trainings.PAST_BEST),
]
BORDERS = {"drop_min": (losing(0.0101), losing(0.0099))}
