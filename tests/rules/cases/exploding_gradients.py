"""The rule exploding-gradients."""

from __future__ import annotations

import numpy as np

from tests.rules.machine_trainings import TROUBLES, norms, other_machines
from tests.rules.trainings import HEALTHY, Training, first

FIRES = TROUBLES["exploding-gradients"]
QUIET = other_machines("exploding-gradients")


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
