"""The rule undertrained."""

from __future__ import annotations

import numpy as np

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.class_trainings import classed
from tests.rules.trainings import HEALTHY, N, Training, first


def rising(by: float) -> list[float]:
    """mAP50-95 that rises in a straight line from .5 on."""
    return (0.5 + by * np.arange(N) / (N - 1)).tolist()


def turned(count: int) -> list[float]:
    """The same, but the last quarter begins with so many epochs in the opposite order."""
    scores = rising(0.1)
    begin = N - N // 4
    scores[begin : begin + count] = scores[begin : begin + count][::-1]
    return scores


def ending_low(count: int) -> list[float]:
    """The same, but the last epochs are as good as some before."""
    scores = rising(0.1)
    return [*scores[:-count], *[scores[-count - 1] - 0.002] * count]


def level_but_for_the_last(gain: float) -> list[float]:
    """The last quarter rises by ``gain`` in a straight line, its last five epochs lie two points higher."""
    scores = np.array(rising(0.4))
    begin = N - N // 4
    scores[begin:] = scores[begin - 1] + gain * np.arange(N - begin) / (N - begin - 1)
    scores[-5:] += 0.02
    return scores.tolist()


def scored(scores: list[float]) -> Training:
    return HEALTHY.changed(map50_95=scores)


def well_validated(scores: list[float]) -> Training:
    """Scores measured on 500 images."""
    return classed([scores[-1]], [3000], images=500, training=scored(scores))


FIRES = Example("mAP50-95 rises in a straight line to the last epoch.", scored(rising(0.2)))
QUIET = [
    Example("mAP50-95 has levelled off, and the best epoch is the last one.", HEALTHY),
    Example("It declines.", trainings.PAST_BEST),
    Example(
        "It rises, and the run was interrupted: that is why.",
        scored(rising(0.2)).changed(args={"epochs": 100}),
    ),
    Example("Nothing is found.", trainings.ZERO),
    Example("Rounds of self-training.", trainings.ITERATIONS),
]
BORDERS = {
    "epochs_min": (first(scored(rising(0.4)), 20), first(scored(rising(0.4)), 19)),
    "best_share_min": (scored(ending_low(2)), scored(ending_low(3))),
    "rise_min": (scored(rising(0.056)), scored(rising(0.054))),
    "rise_warning": (scored(rising(0.154)), scored(rising(0.152))),
    "SAID_MIN": (
        scored(level_but_for_the_last(0.00055)),
        scored(level_but_for_the_last(0.00045)),
    ),
    "P_MAX": (scored(turned(5)), scored(turned(6))),
    "P_SURE": (well_validated(turned(4)), well_validated(turned(5))),
}
