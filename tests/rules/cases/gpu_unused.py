"""The rule gpu-unused."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, Training, first, tracked

PROCESSOR = {"device": "cpu", "accelerator": "cuda"}


def on_the_processor(seconds: float) -> Training:
    """A running training of ten epochs, each of as many seconds."""
    time = [seconds * (row + 1) for row in range(10)]
    training = first(HEALTHY, 10).changed(columns={"time": time}, args={"epochs": 100})
    return training.changed(manifest=PROCESSOR, running=True)


def busy(share: float, epochs: int = 5) -> Training:
    """A running training whose GPU is busy so much of the time."""
    gpu = {"gpu": {"utilisation": {"mean": share, "max": 1.0}}}
    training = first(HEALTHY, epochs).changed(args={"epochs": 100}, running=True)
    return tracked(lambda row: gpu, training=training)


FIRES = Example(
    "The processor trains beside a CUDA GPU; no epoch is done yet.",
    BEGUN.changed(manifest=PROCESSOR),
)
QUIET = [
    Example("There is no GPU.", BEGUN.changed(manifest={"device": "cpu"})),
    Example("A GPU trains.", BEGUN.changed(manifest={"device": "NVIDIA H100"})),
    Example("Epochs of ten seconds.", on_the_processor(10)),
    Example("The GPU is busy half the time.", busy(0.5)),
    Example("The training is over.", busy(0.01).changed(running=False)),
]
BORDERS = {
    "seconds_min": (on_the_processor(61), on_the_processor(59)),
    "busy_max": (busy(0.049), busy(0.051)),
    "epochs_min": (busy(0.01, 2), busy(0.01, 1)),
}
