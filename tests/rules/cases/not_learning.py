"""The rule not-learning."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first


def reaching(score: float) -> Training:
    """The metric rises to ``score``."""
    return HEALTHY.changed(map50_95=np.linspace(0.001, score, N).tolist())


FIRES = Example("Sixty epochs with mAP50-95 at zero.", trainings.ZERO)
QUIET = [
    Example("The metric rises.", HEALTHY),
    Example("Nine epochs with mAP50-95 at zero.", first(trainings.ZERO, 9)),
]
BORDERS = {
    "metric_max": (reaching(0.0099), reaching(0.0101)),
    "epochs_min": (first(trainings.ZERO, 10), first(trainings.ZERO, 9)),
}
