"""The rule no-instances."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, Training


def loaded(train: int, val: int) -> Training:
    """A training that has just begun, with so many labelled objects."""
    labels = {
        split: {"images": 40, "instances": number, "polygons": 0}
        for (split, number) in {"train": train, "val": val}.items()
    }
    return BEGUN.changed(manifest={"labels": labels})


FIRES = Example("40 training images without a label; no epoch is done yet.", loaded(0, 90))
QUIET = [
    Example("Both splits have labels.", loaded(90, 90)),
    Example(
        "Every sixth training image has no object.", HEALTHY.changed(data=trainings.unlabelled_data)
    ),
    Example("How many there are is not known.", HEALTHY),
]
