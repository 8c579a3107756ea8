"""The rule few-instances."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, Training


def counted(val: int) -> Training:
    """A training that has just begun, whose second class has so many validation instances."""
    counts = {"train": {"instances": [90, 90]}, "val": {"instances": [30, val]}}
    return BEGUN.changed(manifest={"names": ["disc", "ring"], "class_counts": counts})


FIRES = Example(
    "The second class has three validation instances; no epoch is done yet.", counted(3)
)
QUIET = [
    Example("Both classes have ten and more.", counted(10)),
    Example("The second class has none: that is missing-class.", counted(0)),
    Example("A data set without a fault.", HEALTHY.changed(data=trainings.good_data)),
]
