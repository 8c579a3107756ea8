"""The rule unstable."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training

SWING = np.tile([0.0, 1.0, -1.0], N // 3)


def dipped(*rows: int) -> Training:
    """The metric loses half of what it had in these rows."""
    scores = np.array(HEALTHY.map50_95)
    scores[list(rows)] /= 2
    return HEALTHY.changed(map50_95=scores.tolist())


def shot_up(*rows: int) -> Training:
    """The validation loss is twice as high in these rows."""
    val = np.array(HEALTHY.val)
    val[list(rows)] *= 2
    return HEALTHY.changed(val=val.tolist())


def long_and_dipped(epochs: int) -> Training:
    """The metric of 400 epochs loses half of what it had in so many of them."""
    rows = np.arange(400)
    scores = 0.6 - 0.5 * np.exp(-rows / 15) + 1e-6 * rows
    scores[100 : 100 + 10 * epochs : 10] /= 2
    losses = (1 + np.exp(-rows / 15)).tolist()
    return Training(losses, losses, scores.tolist())


def jumping(swing: float, level: float) -> Training:
    """The metric is steady but for noise of 1.816 times the swing."""
    return HEALTHY.changed(map50_95=(level + swing * SWING).tolist())


FIRES = Example(
    "mAP50-95 loses half of what it had at epochs 21, 31 and 41, and comes back each time.",
    dipped(20, 30, 40),
)
QUIET = [
    Example("mAP50-95 loses half of what it had at epoch 31 only.", dipped(30)),
    Example("The curves are smooth.", HEALTHY),
    Example("The metric jumps in the first epochs only.", dipped(1, 3, 5)),
    Example("The metric declines and does not come back.", trainings.PAST_BEST),
]
BORDERS = {
    "collapses_min": (dipped(30, 40), dipped(30)),
    "lost_min": (dipped(30, 31, 32), dipped(30, 31)),
    "lost_warning": (dipped(20, 30, 40, 45, 50), dipped(20, 30, 40, 45)),
    "lost_share_warning": (long_and_dipped(8), long_and_dipped(7)),
    "spikes_min": (shot_up(20, 30, 40), shot_up(20, 30)),
    "jitter_min": (jumping(0.0145, 0.5), jumping(0.013, 0.5)),
    "JITTER_POINTS": (jumping(0.006, 0.15), jumping(0.005, 0.15)),
    "LISTED": (dipped(20, 25, 30, 40), dipped(20, 25, 30, 40, 50)),
}
