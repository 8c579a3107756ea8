"""The rule not-learning."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, first

FIRES = Example("Sixty epochs with mAP50-95 at zero.", trainings.ZERO)
QUIET = [
    Example("The metric rises.", HEALTHY),
    Example("Nine epochs with mAP50-95 at zero.", first(trainings.ZERO, 9)),
]
