"""The rule early-stopped."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "Fifteen epochs without improvement, patience 15, 60 of 100 epochs done.",
    trainings.STOPPED_EARLY,
)
QUIET = [
    Example("All planned epochs are done.", HEALTHY),
    Example("The run ends early and patience was not used up.", trainings.INTERRUPTED),
]
