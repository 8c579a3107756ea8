"""The rule cpu-training."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training


def on(device: object, seconds: float) -> Training:
    """A training on this device whose epochs take as many seconds."""
    time = [seconds * (row + 1) for row in range(N)]
    return HEALTHY.changed(args={"device": device}, columns={"time": time})


FIRES = Example("Epochs of ten minutes on the CPU.", on("cpu", 600))
QUIET = [
    Example("Epochs of ten minutes on a GPU.", on(0, 600)),
    Example("Epochs of ten seconds on the CPU.", on("cpu", 10)),
    Example("No device is stated.", on("", 600)),
]
BORDERS = {
    "seconds_min": (on("cpu", 61), on("cpu", 59)),
    "hours_warning": (on("cpu", 181), on("cpu", 179)),
}
