"""The rule iteration-regressed."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example

FIRES = Example("The last iteration is worse than the one before.", trainings.REGRESSED)
QUIET = [
    Example("Each iteration is better.", trainings.ITERATIONS),
    Example("The metric of a detector's training falls.", trainings.PAST_BEST),
]
