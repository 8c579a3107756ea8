"""The rule lr-level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first

ROWS = np.arange(N)
LINE = 1 - 0.99 * ROWS / N
HALF = 18
"""The row by which half of the summed rate of such a line is spent."""


def after_warm_up(level: float, spike: float = 1.0, rows: int = 0) -> Training:
    """Three epochs of warm-up at loss 1, then this level, with a spike of so many epochs."""
    train = np.where(ROWS < 3, 1.0, level)
    train[10 : 10 + rows] *= spike
    rate = 0.01 * np.minimum((ROWS + 1) / 3, LINE)
    return HEALTHY.changed(train=train.tolist(), columns={"lr/pg0": rate.tolist()})


def small(
    peak: float = 5e-5, early: float = 0.2, late: float = 0.2, best: int = N - 1, begun: float = 0.1
) -> Training:
    """A small rate, with which the loss falls from 1 by ``early`` and, in the second half of the summed rate, by
    ``late``; the metric begins at a share of its best, which comes at a row."""
    train = np.interp(ROWS, [0, 8, HALF + 3, N - 6], [1, 1 - early, 1 - early, 1 - early - late])
    metric = np.where(best == ROWS, 0.5, 0.5 * begun)
    return HEALTHY.changed(
        train=train.tolist(), map50_95=metric.tolist(), columns={"lr/pg0": (peak * LINE).tolist()}
    )


def moved(early: float) -> Training:
    """The loss falls by this share in the first fifth, then again before half of the rate is spent, and no more."""
    train = np.interp(ROWS, [0, 8, 14, 16], [1, 1 - early, 1 - early, 0.6])
    return small().changed(train=train.tolist())


FIRES = Example(
    "After warm-up the loss is half as high again, with a spike.", after_warm_up(1.5, 2.0, 2)
)
QUIET = [
    Example("The loss falls after warm-up.", HEALTHY),
    Example("A small rate, and the loss nears its lowest.", small(early=0.4, late=0.1)),
    Example("A small rate for weights that knew the task.", small(begun=0.95)),
    Example("No rate is known.", after_warm_up(1.5).changed(columns={"lr/pg0": [0.0] * N})),
]
BORDERS: dict[str, Sequence[Any]] = {
    "epochs_min": (first(after_warm_up(1.5), 20), first(after_warm_up(1.5), 19)),
    "level_min": (after_warm_up(1.11), after_warm_up(1.09)),
    "low_rate": (small(0.99e-4), small(1.01e-4)),
    "SPIKE": (after_warm_up(1.5, 1.31, 1), after_warm_up(1.5, 1.29, 1)),
    "SPIKE_WINDOW": (after_warm_up(1.5, 2.0, 3), after_warm_up(1.5, 2.0, 4)),
    "EARLY_FALL": (moved(0.049), moved(0.051)),
    "STILL_FALLING": (small(late=0.104), small(late=0.096)),
    "BEGUN_TRAINED": (small(begun=0.79), small(begun=0.81)),
    "LATE": (small(best=54), small(best=53)),
}
