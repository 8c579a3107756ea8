"""The rule identity-mismatch."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("IoU is not F1 / (2 - F1).", trainings.AVERAGED_APART)
QUIET = [
    Example("F1 and IoU belong together.", trainings.ITERATIONS),
    Example("A detector's metrics, which know no such identity.", HEALTHY),
]
