"""The rule skipped-steps."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.machine_trainings import skipping
from tests.rules.trainings import HEALTHY

FIRES = Example("A tenth of the optimizer's steps is skipped.", trainings.SKIPPING)
QUIET = [
    Example("A sound machine.", trainings.tracked()),
    Example("Nothing was recorded.", HEALTHY),
    Example("Twenty of 47 seconds of an epoch are waiting for images.", trainings.INPUT_BOUND),
    Example("95 % of the GPU's memory are in use.", trainings.FULL_MEMORY),
    Example("Each epoch is a second slower than the one before.", trainings.SLOWING),
    Example("Gradients grow a hundredfold at epoch 31.", trainings.EXPLODING),
    Example("Gradients die away at epoch 31 and the loss never fell.", trainings.VANISHING),
]
BORDERS = {
    "share_min": (skipping(lambda row: 10), skipping(lambda row: 9)),
    "share_warning": (skipping(lambda row: 50), skipping(lambda row: 49)),
    "share_critical": (skipping(lambda row: 500), skipping(lambda row: 499)),
    "scale_min": (skipping(lambda row: 0, scale=0.99), skipping(lambda row: 0, scale=1.0)),
    "SEARCH_STEPS": (
        skipping(lambda row: int(1 <= row <= 17), steps=5),
        skipping(lambda row: int(1 <= row <= 16), steps=5),
    ),
}
