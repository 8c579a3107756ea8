"""The rule best-not-last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first

SWING = np.tile([0.0, 1.0, -1.0], N // 3)
"""A curve that jumps although its running median stands still."""

LUCKY = 31
"""The row of the best epoch, at which SWING is up."""


def lucky(gain: float, noise: Sequence[float] = (0.0,) * N, row: int = LUCKY) -> Training:
    """One epoch is ``gain`` above a metric of 0.5 and its noise; no value comes twice."""
    scores = 0.5 + np.array(noise) + 1e-6 * np.arange(N)
    scores[row] = 0.5 + gain
    return HEALTHY.changed(map50_95=scores.tolist())


def noisy_near(rows: int) -> Training:
    """Only so many epochs on either side of the best one are noisy."""
    near = np.abs(np.arange(N) - LUCKY) <= rows
    return lucky(0.04, 0.02 * SWING * near)


def plateau_begins(below: float) -> Training:
    """The first twenty epochs lie lower by so many sigma of the noise."""
    (swing, sigma) = (0.01, 0.01816)
    return lucky(0.0605, swing * SWING - below * sigma * (np.arange(N) < 20))


def of_fifty(more: int) -> Training:
    """The accuracy of fifty images, of which one epoch has some more right."""
    right = np.concatenate([np.arange(10, 30), np.full(N - 20, 30)])
    right[LUCKY] += more
    return HEALTHY.changed(map50_95=(right / 50).tolist())


FIRES = Example("Epoch 32 is six points better than all others, which are alike.", lucky(0.06))
QUIET = [
    Example("The last epoch is the best.", HEALTHY),
    Example("The metric declines: another rule says it.", trainings.PAST_BEST),
    Example("The best epoch has two of fifty images more.", of_fifty(2)),
    Example("The metric jumps by as much as the best epoch is better.", lucky(0.06, 0.03 * SWING)),
]
BORDERS = {
    "gap_min": (lucky(0.0101), lucky(0.0099)),
    "gap_warning": (lucky(0.0201), lucky(0.0199)),
    "gap_critical": (lucky(0.0501), lucky(0.0499)),
    "EPOCHS_MIN": (first(lucky(0.06, row=2), 10), first(lucky(0.06, row=2), 9)),
    "PLATEAU_SIGMAS": (plateau_begins(2.1), plateau_begins(1.9)),
    "NEAR_ROWS": (noisy_near(3), noisy_near(7)),
}
