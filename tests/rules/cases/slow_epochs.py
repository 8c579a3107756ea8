"""The rule slow-epochs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training

LATER = tuple(range(40, 50))


def timed(usual: float, slow: Mapping[int, float]) -> Training:
    """Epochs that take the usual seconds but for some rows."""
    seconds = np.full(N, usual)
    for row, taken in slow.items():
        seconds[row] = taken
    return HEALTHY.changed(columns={"time": np.cumsum(seconds).tolist()})


def with_gap(gap: int) -> Training:
    """Five slow epochs, some usual ones, and five slow ones again."""
    return timed(600, dict.fromkeys((*range(20, 25), *range(25 + gap, 30 + gap)), 1800))


FIRES = Example("One epoch of a minute took two hours.", timed(60, {30: 7260}))
QUIET = [
    Example("Every epoch takes 30 seconds.", HEALTHY),
    Example("The first epoch fills a cache for an hour.", timed(60, {0: 3660})),
    Example("Epochs of a minute, one of them two.", timed(60, {30: 120})),
    Example("Every other epoch takes half as long again.", timed(600, {30: 900, 32: 900})),
    Example("No time is logged.", HEALTHY.changed(columns={"time": [float("nan")] * N})),
]
BORDERS = {
    "lasting_min": (
        timed(600, dict.fromkeys(LATER, 906)),
        timed(600, dict.fromkeys(LATER, 894)),
    ),
    "single_min": (timed(600, {30: 1806}), timed(600, {30: 1794})),
    "hours_min": (timed(60, {30: 421}), timed(60, {30: 419})),
    "hours_warning": (timed(60, {30: 3661}), timed(60, {30: 3659})),
    "STRETCH_SHARE": (with_gap(2), with_gap(3)),
}
