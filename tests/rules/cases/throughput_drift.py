"""The rule throughput-drift."""

from __future__ import annotations

import numpy as np

from tests.rules.machine_trainings import TROUBLES, other_machines, speeds
from tests.rules.trainings import HEALTHY, Training, first, tracked

FIRES = TROUBLES["throughput-drift"]
QUIET = other_machines("throughput-drift")


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
