"""The rule best-not-last."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("The last epochs lie five points below the best one.", trainings.PAST_BEST)
QUIET = [
    Example("The last epoch is the best.", HEALTHY),
]
