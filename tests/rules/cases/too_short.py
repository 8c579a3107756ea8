"""The rule too-short."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training, first


def falling_by(drop: float) -> Training:
    """Five epochs, of which the third is worse than the second."""
    return first(HEALTHY, 5).changed(map50_95=[0.2, 0.3, 0.3 - drop, 0.3, 0.31])


FIRES = Example("Nine epochs.", first(HEALTHY, 9))
QUIET = [
    Example("Ten epochs.", first(HEALTHY, 10)),
    Example("Sixty epochs.", HEALTHY),
    Example("Three rounds of self-training.", trainings.ITERATIONS),
]
BORDERS = {
    "epochs_min": (first(HEALTHY, 9), first(HEALTHY, 10)),
    "JUMP": (falling_by(0.051), falling_by(0.049)),
}
FACTS = ("EPOCHS_TYPICAL",)
