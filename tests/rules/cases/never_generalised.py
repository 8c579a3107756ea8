"""The rule never-generalised."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training


def reaching(highest: float) -> Training:
    """The validation loss rises from the start, and the metric never gets above ``highest``."""
    return trainings.NEVER_GENERALISED.changed(map50_95=[highest, *[highest / 2] * (N - 1)])


FIRES = Example(
    "The validation loss rises from the first epoch on and the metric stays at two points.",
    trainings.NEVER_GENERALISED,
)
QUIET = [
    Example("Both losses fall.", HEALTHY),
    Example("The validation loss fell for thirty epochs before it rose.", trainings.OVERFITTED),
    Example(
        "The validation loss rises from the start, and the metric becomes good all the same.",
        trainings.NEVER_GENERALISED.changed(map50_95=HEALTHY.map50_95),
    ),
]
BORDERS = {"METRIC_LOW": (reaching(0.099), reaching(0.101))}
