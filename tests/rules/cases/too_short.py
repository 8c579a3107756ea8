"""The rule too-short."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, first

FIRES = Example("Nine epochs.", first(HEALTHY, 9))
QUIET = [
    Example("Ten epochs.", first(HEALTHY, 10)),
    Example("Sixty epochs.", HEALTHY),
    Example("Three rounds of self-training.", trainings.ITERATIONS),
]
