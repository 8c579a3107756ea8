"""The rule overfitting."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training

ROWS = np.arange(N)
STEADY = 0.6 - 0.5 * np.exp(-ROWS / 4)


def risen(excess: float) -> Training:
    """The validation loss stays at its minimum for five epochs, rises by ``excess`` within ten and stays there; the
    metric is steady."""
    level = 1 + np.exp(-np.minimum(ROWS, 30) / 6)
    rise = np.clip((ROWS - 35) / 10, 0, 1)
    return HEALTHY.changed(val=(level * (1 + excess * rise)).tolist(), map50_95=STEADY.tolist())


def lost(drop: float) -> Training:
    """The validation loss overfits, and the metric falls by ``drop`` at epoch 46."""
    scores = STEADY - drop * (ROWS >= 45)
    return trainings.OVERFITTED.changed(map50_95=scores.tolist())


FIRES = Example(
    "The validation loss turns up at epoch 31 while the training loss falls on, and mAP50-95 loses four points.",
    trainings.OVERFITTED,
)
QUIET = [
    Example("Both losses fall to the end and the metric rises.", HEALTHY),
    Example("The metric falls, the validation loss does not rise.", trainings.PAST_BEST),
    Example("The validation loss steps up when mosaic closes.", trainings.MOSAIC_STEP),
]
BORDERS = {
    "excess_min": (risen(0.0352), risen(0.0348)),
    "drop_critical": (lost(0.051), lost(0.049)),
}
