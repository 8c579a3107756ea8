"""The rule identity-mismatch."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, ITERATIONS, SelfTraining


def off_by(deviation: float) -> SelfTraining:
    """The last iteration's IoU is as much above that of its F1."""
    return ITERATIONS.with_last(f1=0.7, iou=0.7 / 1.3 + deviation)


FIRES = Example("IoU is not F1 / (2 - F1).", trainings.AVERAGED_APART)
QUIET = [
    Example("F1 and IoU belong together.", trainings.ITERATIONS),
    Example("A detector's metrics, which know no such identity.", HEALTHY),
]
BORDERS = {"deviation_max": (off_by(0.0051), off_by(0.0049))}
