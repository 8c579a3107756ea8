"""The rule missing-iteration."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("Iteration 1 of three has no metrics.", trainings.GAP)
QUIET = [
    Example("Every iteration is there.", trainings.ITERATIONS),
    Example(
        "A gap in the epochs of a detector's training.", HEALTHY.changed(epochs=[*range(1, 60), 90])
    ),
]
