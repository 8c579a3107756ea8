"""The rule throughput-drift."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.machine_trainings import speeds
from tests.rules.trainings import HEALTHY, Training, first, tracked

FIRES = Example("Each epoch is a second slower than the one before.", trainings.SLOWING)
QUIET = [
    Example("A sound machine.", trainings.tracked()),
    Example("Nothing was recorded.", HEALTHY),
    Example("Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND),
    Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY),
    Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING),
    Example("Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING),
    Example("Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING),
]


def shuffled(fast: int) -> Training:
    """Thirteen epochs that get slower, of which so many in the middle are fast again."""
    rates = np.linspace(100, 30, 13)
    rates[8 - fast : 8] = 100
    return speeds(rates, first(HEALTHY, 13))


def working(images: float) -> Training:
    """A training that gets slower, of so many thousand images."""
    rates = np.linspace(100, 50, 60)
    return tracked(
        lambda row: {
            "images_per_second": float(rates[row]),
            "compute_seconds": images * 1000 / float(rates[row]),
            "data_seconds": 0,
        }
    )


def warmer(degrees: float) -> Training:
    """A training that gets slower while its GPU gets warmer from one third to the last."""
    return tracked(
        lambda row: {
            "images_per_second": 100.0 - row,
            "compute_seconds": 27.0 + row,
            "gpu": {
                "temperature_celsius": {"mean": 60.0 + (degrees if row >= 30 else 0), "max": 90}
            },
        }
    )


BORDERS = {
    "epochs_min": (
        speeds(np.linspace(100, 50, 11), first(HEALTHY, 11)),
        speeds(np.linspace(100, 50, 10), first(HEALTHY, 10)),
    ),
    "p_max": (shuffled(1), shuffled(2)),
    "fall_min": (speeds(np.linspace(100, 84, 60)), speeds(np.linspace(100, 86, 60))),
    "hours_min": (working(0.41), working(0.4)),
    "hours_warning": (working(20.5), working(20)),
    "WARMER_MIN": (warmer(5.1), warmer(4.9)),
}
