"""The rule past-best."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "mAP50-95 falls by five points in the second half; both losses go on falling.",
    trainings.PAST_BEST,
)
QUIET = [
    Example("The metric rises to the end.", HEALTHY),
    Example("The metric falls, and the validation loss explains it.", trainings.OVERFITTED),
]
