"""The rule past-best."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training

ROWS = np.arange(N)


def fallen(drop: float) -> Training:
    """The metric is steady and falls by ``drop`` at epoch 46."""
    return HEALTHY.changed(map50_95=(0.6 - 0.5 * np.exp(-ROWS / 4) - drop * (ROWS >= 45)).tolist())


FIRES = Example(
    "mAP50-95 falls by five points in the second half; both losses go on falling.",
    trainings.PAST_BEST,
)
QUIET = [
    Example("The metric rises to the end.", HEALTHY),
    Example("The metric falls, and the validation loss explains it.", trainings.OVERFITTED),
]
BORDERS = {
    "drop_min": (fallen(0.011), fallen(0.009)),
    "drop_warning": (fallen(0.021), fallen(0.019)),
    "drop_critical": (fallen(0.051), fallen(0.049)),
}
