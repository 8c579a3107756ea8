"""The rule empty-split."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY

FIRES = Example(
    "The folder of the validation images is empty.",
    HEALTHY.changed(data=trainings.data_without_val),
)
QUIET = [
    Example(
        "Both splits have images.", BEGUN.changed(manifest={"images": {"train": 400, "val": 100}})
    ),
    Example(
        "How many were validated is not known.",
        BEGUN.changed(manifest={"images": {"train": 400, "val": None}}),
    ),
    Example("No label is found.", HEALTHY.changed(data=trainings.data_without_labels)),
]
