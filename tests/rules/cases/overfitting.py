"""The rule overfitting."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "The validation loss turns up at epoch 31 while the training loss falls on, and mAP50-95 loses four points.",
    trainings.OVERFITTED,
)
QUIET = [
    Example("Both losses fall to the end and the metric rises.", HEALTHY),
    Example("The metric falls, the validation loss does not rise.", trainings.PAST_BEST),
    Example("The validation loss steps up when mosaic closes.", trainings.MOSAIC_STEP),
]
