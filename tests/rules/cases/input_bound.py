"""The rule input-bound."""

from __future__ import annotations

from tests.rules.machine_trainings import TROUBLES, other_machines, waiting
from tests.rules.trainings import Training


def cached(size: float) -> Training:
    """A training whose images take so many bytes when they are all kept."""
    images = round(size / (640 * 640 * 3))
    return waiting(20).changed(
        args={"workers": 8, "imgsz": 640}, manifest={"images": {"train": images, "val": 10}}
    )


FIRES = TROUBLES["input-bound"]
QUIET = other_machines("input-bound")
BORDERS = {
    "share_min": (waiting(6.76), waiting(6.74)),
    "hours_min": (waiting(1.21, 1), waiting(1.19, 1)),
    "hours_warning": (waiting(60.1, 60), waiting(59.9, 60)),
    "busy_max": (
        waiting(20, gpu={"utilisation": {"mean": 0.89, "max": 1.0}}),
        waiting(20, gpu={"utilisation": {"mean": 0.91, "max": 1.0}}),
    ),
    "ENOUGH_WORKERS": (
        waiting(20).changed(args={"workers": 7}),
        waiting(20).changed(args={"workers": 8}),
    ),
    "RAM_MAX_BYTES": (cached(31.9e9), cached(32.1e9)),
}
FACTS = ("CHANNELS",)
