"""The rule polygon-labels."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, Training


def loaded(polygons: int, task: str) -> Training:
    """A training that has just begun, with as many polygons among its 90 objects."""
    labels = {"train": {"images": 40, "instances": 90, "polygons": polygons}}
    return BEGUN.changed(args={"epochs": 100, "task": task}, manifest={"labels": labels})


FIRES = Example("All labels are polygons, and boxes are trained.", loaded(90, "detect"))
QUIET = [
    Example("All labels are boxes, and boxes are trained.", loaded(0, "detect")),
    Example("All labels are polygons, and masks are trained.", loaded(90, "segment")),
    Example("A data set of boxes.", HEALTHY.changed(data=trainings.good_data)),
]
