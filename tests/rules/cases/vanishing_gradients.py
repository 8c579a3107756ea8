"""The rule vanishing-gradients."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.machine_trainings import norms
from tests.rules.trainings import HEALTHY, Training, first

FIRES = Example("Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING)
QUIET = [
    Example("A sound machine.", trainings.tracked()),
    Example("Nothing was recorded.", HEALTHY),
    Example("Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND),
    Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY),
    Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING),
    Example("Each epoch is a second slower than the one before.", trainings.SLOWING),
    Example("Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING),
]

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
