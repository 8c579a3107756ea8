"""The rule non-finite."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("The training loss is NaN from epoch 31 on.", trainings.NOT_A_NUMBER)
QUIET = [
    Example("All losses are numbers.", HEALTHY),
    Example("The training loss rises, in numbers.", trainings.DIVERGED),
]
