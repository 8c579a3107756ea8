"""The rule plateau."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first


def levelling_off(epochs: float) -> list[float]:
    """mAP50-95 that comes e times nearer to .6 in so many epochs."""
    return (0.6 - 0.5 * np.exp(-np.arange(N) / epochs)).tolist()


def stepping(row: int, before: float = 0.59, after: float = 0.61) -> Training:
    """A finished training that steps up once."""
    return HEALTHY.changed(map50_95=[before] * row + [after] * (N - row))


def of_planned(epochs: int, scores: list[float]) -> Training:
    """A training that was interrupted before so many epochs were done."""
    return HEALTHY.changed(map50_95=scores, args={"epochs": epochs})


FIRES = Example(
    "mAP50-95 is level since epoch 20, and 60 of 100 epochs are done.",
    of_planned(100, levelling_off(4)),
)
QUIET = [
    Example("It rises while 60 of 100 epochs are done.", of_planned(100, levelling_off(30))),
    Example("It rises until late in a run that is done.", HEALTHY),
    Example("It is level, and early stopping ended the run.", trainings.STOPPED_EARLY),
    Example("It levelled off and fell then, which says more.", trainings.PAST_BEST),
    Example("It levelled off and fell then by a little.", stepping(45, 0.6, 0.588)),
    Example("Rounds of self-training.", trainings.ITERATIONS),
]
BORDERS = {
    "chance_max": (of_planned(100, levelling_off(7.5)), of_planned(100, levelling_off(9))),
    "left_min": (of_planned(67, levelling_off(4)), of_planned(66, levelling_off(4))),
    "within": (stepping(40, 0.6, 0.6099), stepping(40, 0.6, 0.6101)),
    "reached_max": (stepping(27), stepping(28)),
    "epochs_min": (first(stepping(5), 20), first(stepping(5), 19)),
    "WITHIN_SHARE": (stepping(40, 0.0951, 0.1), stepping(40, 0.0949, 0.1)),
}
