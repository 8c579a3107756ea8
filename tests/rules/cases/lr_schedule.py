"""The rule lr-schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first

ROWS = np.arange(N)
LINE = 0.01 * ((1 - ROWS / N) * 0.99 + 0.01)
COSINE = 0.01 * ((1 + np.cos(np.pi * ROWS / N)) / 2 * 0.99 + 0.01)
ARGUMENTS = {"lr0": 0.01, "lrf": 0.01, "optimizer": "SGD"}


def rated(rate: Any, **args: Any) -> Training:
    """A training with this learning rate by epoch; its arguments ask for a linear decay."""
    return HEALTHY.changed(args={**ARGUMENTS, **args}, columns={"lr/pg0": list(rate)})


def by_itself(rate: Any, **changes: Any) -> Training:
    """The same without arguments that imply a schedule."""
    return HEALTHY.changed(columns={"lr/pg0": list(rate)}, **changes)


def warmed_up(epochs: int) -> Training:
    """A linear decay whose warm-up takes as many epochs."""
    return rated(LINE * np.minimum((ROWS + 1) / epochs, 1))


def begun_with(share: float, warmup_epochs: float = 3.0) -> Training:
    """A linear decay that begins at a share of its full rate."""
    return rated(LINE * np.where(ROWS > 0, 1, share), warmup_epochs=warmup_epochs)


def lower_from_the_middle(factor: float) -> Training:
    """From the 31st epoch on the rate is lower than implied by this factor."""
    return rated(np.where(ROWS < 30, LINE, LINE / factor))


def low_from(row: int, share: float = 0.01) -> Any:
    """A rate that falls to a share of its peak at once."""
    return np.where(row > ROWS, 0.01, 0.01 * share)


def rising(inversions: int) -> Sequence[float]:
    """A metric that stays for 45 epochs and then rises over 15, with so many of their pairs the wrong way round."""
    (left, order) = (list(range(15)), [])
    while left:
        ahead = min(inversions, len(left) - 1)
        inversions -= ahead
        order.append(left.pop(ahead))
    return [*[0.3] * 45, *(0.4 + 0.01 * place for place in order)]


GROUPS = {f"lr/pg{group}": (LINE * np.minimum((ROWS + 1) / 3, 1)).tolist() for group in range(7)}
BIASES = {"lr/pg7": np.where(ROWS < 3, 0.1 - 0.03 * ROWS, LINE).tolist()}

FIRES = Example("lrf is .01, and the rate stays at .01.", rated([0.01] * N))
QUIET = [
    Example("A linear decay to a hundredth.", rated(LINE)),
    Example("A cosine, as asked for.", rated(COSINE, cos_lr=True)),
    Example("The rate is logged after the schedule's step.", rated([*LINE[1:], 0.0001])),
    Example(
        "Three epochs of warm-up.",
        rated(LINE * np.minimum((ROWS + 1) / 3, 1), warmup_epochs=3.0),
    ),
    Example(
        "Eight groups, of which the biases fall in warm-up.",
        HEALTHY.changed(args=ARGUMENTS, columns={**GROUPS, **BIASES}),
    ),
    Example("A constant rate, as asked for.", rated([0.01] * N, lrf=1.0)),
    Example(
        "No schedule is known, and the metric rises.",
        by_itself([0.01] * N, map50_95=np.linspace(0.1, 0.6, N).tolist()),
    ),
    Example("Stopped early at 60 of 100.", HEALTHY.changed(args={**ARGUMENTS, "epochs": 100})),
    Example("The rate is missing in an epoch.", rated([0.01, float("nan"), *[0.01] * (N - 2)])),
]
BORDERS = {
    "epochs_min": (first(rated([0.01] * N), 20), first(rated([0.01] * N), 19)),
    "misfit_min": (lower_from_the_middle(1.29), lower_from_the_middle(1.27)),
    "low_share": (by_itself(low_from(30, 0.049)), by_itself(low_from(30, 0.051))),
    "low_epochs_min": (by_itself(low_from(48)), by_itself(low_from(49))),
    "begun_min": (begun_with(0.91), begun_with(0.89)),
    "ASKED_MIN": (begun_with(1.0, 2.0), begun_with(1.0, 1.9)),
    "warm_up_max": (warmed_up(20), warmed_up(19)),
    "RISING_P": (
        by_itself(low_from(45), map50_95=rising(28)),
        by_itself(low_from(45), map50_95=rising(29)),
    ),
}
