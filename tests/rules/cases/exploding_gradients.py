"""The rule exploding-gradients."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.machine_trainings import norms
from tests.rules.trainings import HEALTHY, Training, first

FIRES = Example("Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING)
QUIET = [
    Example("A sound machine.", trainings.tracked()),
    Example("Nothing was recorded.", HEALTHY),
    Example("Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND),
    Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY),
    Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING),
    Example("Each epoch is a second slower than the one before.", trainings.SLOWING),
    Example("Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING),
]


def rising(epochs: int) -> Training:
    """Gradients that grow a hundredfold in the last three of so many epochs."""
    return norms(
        np.where(np.arange(epochs) < epochs - 3, 30, 3000),
        first(HEALTHY.changed(train=[2.0] * 60), epochs),
    )


def ended(before: float, end: float) -> Training:
    """Gradients that change at epoch 41."""
    return norms(np.where(np.arange(60) < 40, before, end))


def burst(epochs: int) -> Training:
    """Gradients that are large in so many last epochs."""
    return norms(np.where(np.arange(60) >= 60 - epochs, 1e6, 30))


BORDERS = {
    "rise_min": (ended(30, 301), ended(30, 299)),
    "norm_min": (ended(0.5, 10.1), ended(0.5, 9.9)),
    "epochs_min": (rising(7), rising(6)),
    "not_finite_min": (norms([30] * 60, not_finite=1), norms([30] * 60, not_finite=0)),
    "WINDOW": (burst(2), burst(1)),
}
