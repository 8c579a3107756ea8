"""The rule appended-runs."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("Epochs 1 to 20, then epochs 1 to 40 in the same file.", trainings.APPENDED)
QUIET = [
    Example("Epochs 1 to 60 once.", HEALTHY),
    Example(
        "A resumed run writes three epochs twice.",
        HEALTHY.changed(epochs=[*range(1, 31), *range(28, 58)]),
    ),
]
