"""The rule frozen-validation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first


def copying(rows: Iterable[int]) -> Training:
    """A training whose validation results of these rows are those of the row before."""
    source = np.arange(N)
    for row in sorted(rows):
        source[row] = source[row - 1]
    return HEALTHY.changed(
        val=[HEALTHY.val[row] for row in source],
        map50_95=[HEALTHY.map50_95[row] for row in source],
    )


def repeating(rows: int) -> Training:
    """A training whose last metrics repeat so many times while the validation loss moves."""
    kept = N - rows
    metric = [*HEALTHY.map50_95[:kept], *[HEALTHY.map50_95[kept - 1]] * rows]
    return HEALTHY.changed(map50_95=metric)


def nearly_perfect(level: float) -> Training:
    """A training whose last metrics repeat at this level."""
    return HEALTHY.changed(map50_95=[*HEALTHY.map50_95[:40], *[level] * 20])


def every(distance: int) -> Training:
    """A training that is validated every so many epochs."""
    return copying(row for row in range(N) if row % distance)


SINGLE = range(3, 30, 3)
"""Rows far enough apart to be no stretch."""

FIRES = Example("From epoch 31 on every validation is the same.", copying(range(30, N)))
QUIET = [
    Example("Every validation differs from the one before.", HEALTHY),
    Example("Three epochs of sixty are copies.", copying((10, 20, 30))),
    Example("Two epochs repeat the metrics.", repeating(2)),
    Example("A run of nothing but zeros.", HEALTHY.changed(map50_95=[0.0] * N)),
]
BORDERS = {
    "share_min": (copying([*SINGLE, 40, 45, 50]), copying([*SINGLE, 40, 45])),
    "stretch_min": (copying([3, 6, *range(40, 50)]), copying([3, 6, 9, *range(40, 49)])),
    "repeated_min": (repeating(3), repeating(2)),
    "SATURATED": (nearly_perfect(0.989), nearly_perfect(0.991)),
    "FRESH_MIN": (first(every(5), 15), first(every(5), 10)),
}
