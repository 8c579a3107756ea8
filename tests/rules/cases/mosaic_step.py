"""The rule mosaic-step."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "The validation loss steps up by 8 % at epoch 51 of 60, when mosaic closes.",
    trainings.MOSAIC_STEP,
)
QUIET = [
    Example("Both losses fall to the end.", HEALTHY),
    Example(
        "The validation loss rises long before mosaic closes.",
        trainings.OVERFITTED.changed(args={"close_mosaic": 10}),
    ),
]
