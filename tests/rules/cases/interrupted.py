"""The rule interrupted."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "60 of 100 epochs, patience not used up, nothing written for a month.", trainings.INTERRUPTED
)
QUIET = [
    Example("All planned epochs are done.", HEALTHY),
    Example("Early stopping ended the run.", trainings.STOPPED_EARLY),
]
