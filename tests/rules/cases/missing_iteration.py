"""The rule missing-iteration."""

from __future__ import annotations

from tests.projects import SELF_TRAINING
from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, SelfTraining


def without(missing: int) -> SelfTraining:
    """The first and the last iteration, and as many missing between them."""
    return SelfTraining({0: SELF_TRAINING[0], missing + 1: SELF_TRAINING[1]})


FIRES = Example("Iteration 1 of three has no metrics.", trainings.GAP)
QUIET = [
    Example("Every iteration is there.", trainings.ITERATIONS),
    Example(
        "A gap in the epochs of a detector's training.", HEALTHY.changed(epochs=[*range(1, 60), 90])
    ),
]
BORDERS = {"MAX_LISTED": (without(10), without(11))}
