"""The rule gpu-memory."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.machine_trainings import memory
from tests.rules.trainings import HEALTHY

FIRES = Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY)
QUIET = [
    Example("A sound machine.", trainings.tracked()),
    Example("Nothing was recorded.", HEALTHY),
    Example("Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND),
    Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING),
    Example("Each epoch is a second slower than the one before.", trainings.SLOWING),
    Example("Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING),
    Example("Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING),
]
BORDERS = {
    "full_min": (memory(0.921 * 80e9), memory(0.919 * 80e9)),
    "unused_max": (memory(0.399 * 80e9), memory(0.401 * 80e9)),
    "busy_max": (
        memory(20e9, gpu={"utilisation": {"mean": 0.89}}),
        memory(20e9, gpu={"utilisation": {"mean": 0.91}}),
    ),
    "NOMINAL_BATCH": (memory(20e9, batch=63), memory(20e9, batch=64)),
}
FACTS = ("GB",)
