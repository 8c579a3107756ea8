"""The rule capacity-limited."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first

ROWS = np.arange(N)


def limited(
    map50: float = 0.4,
    gap: float = 0.05,
    begins: float = 0.1,
    falls: float = 0.3,
    epochs: float = 6,
    **changes: Any,
) -> Training:
    """mAP50 levels off at ``map50``, having begun at the share ``begins`` of it; the training loss falls by ``falls``
    since its first epoch, and the validation loss lies by the share ``gap`` above it.
    Both come e times nearer to their end in so many ``epochs``."""
    train = 1 - falls * (1 - np.exp(-ROWS / epochs))
    shape = 1 - (1 - begins) * np.exp(-ROWS / epochs)
    training = HEALTHY.changed(
        train=train.tolist(),
        val=((1 + gap) * train).tolist(),
        map50_95=(0.6 * map50 * shape).tolist(),
        columns={"metrics/mAP50(B)": (map50 * shape).tolist()},
    )
    return training.changed(**changes)


def rising(by: float) -> Training:
    """mAP50-95 still rises at the end, by so much in all."""
    return limited(map50_95=(0.2 + by * ROWS / (N - 1)).tolist())


FIRES = Example("mAP50 stays at .4; both losses end at the same height.", limited())
QUIET = [
    Example("mAP50 reaches .9.", limited(0.9)),
    Example("The validation loss ends by half above the training loss.", limited(gap=0.5)),
    Example("The metric still rises.", rising(0.1)),
    Example("Nothing is found.", trainings.ZERO),
    Example("It was interrupted.", limited(args={"epochs": 100})),
    Example("Rounds of self-training.", trainings.ITERATIONS),
]
BORDERS = {
    "epochs_min": (first(limited(epochs=2), 20), first(limited(epochs=2), 19)),
    "map50_max": (limited(0.499), limited(0.501)),
    "map50_warning": (limited(0.199), limited(0.201)),
    "gap_max": (limited(gap=0.199), limited(gap=0.201)),
    "rise_max": (rising(0.028), rising(0.034)),
    "FALL_MIN": (limited(falls=0.42), limited(falls=0.45)),
    "BEGINNING_MAX": (limited(begins=0.29), limited(begins=0.31)),
}
