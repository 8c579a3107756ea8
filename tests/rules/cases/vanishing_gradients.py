"""The rule vanishing-gradients."""

from __future__ import annotations

import numpy as np

from tests.rules.machine_trainings import TROUBLES, norms, other_machines
from tests.rules.trainings import HEALTHY, Training, first

FIRES = TROUBLES["vanishing-gradients"]
QUIET = other_machines("vanishing-gradients")

HIGH_LOSS = HEALTHY.changed(train=[2.0] * 60)


def dying(epochs: int) -> Training:
    """Gradients that die in the last three of so many epochs."""
    return norms(np.where(np.arange(epochs) < epochs - 3, 3000, 0), first(HIGH_LOSS, epochs))


def ended(end: float, training: Training = HIGH_LOSS) -> Training:
    """Gradients that change at epoch 41."""
    return norms(np.where(np.arange(60) < 40, 30, end), training)


def gone(epochs: int) -> Training:
    """Gradients that are gone in so many last epochs."""
    return norms(np.where(np.arange(60) >= 60 - epochs, 0, 30), HIGH_LOSS)


BORDERS = {
    "norm_share_max": (ended(0.0299), ended(0.0301)),
    "loss_share_min": (
        ended(0, HEALTHY.changed(train=[2.0, *[1.01] * 59])),
        ended(0, HEALTHY.changed(train=[2.0, *[0.99] * 59])),
    ),
    "epochs_min": (dying(7), dying(6)),
    "WINDOW": (gone(2), gone(1)),
}
