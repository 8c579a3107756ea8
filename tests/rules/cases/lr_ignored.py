"""The rule lr-ignored."""

from __future__ import annotations

import numpy as np

from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, N, Training

RATE = 0.002 * ((1 - np.arange(N) / N) * 0.99 + 0.01)


def asked(rate: float, optimizer: str = "auto") -> Training:
    """A training with a rate of .002 that was asked for another."""
    return HEALTHY.changed(
        args={"optimizer": optimizer, "lr0": rate, "lrf": 0.01},
        columns={"lr/pg0": RATE.tolist()},
    )


def begun(asked_for: float, *rates: float) -> Training:
    """A training before its first epoch, whose optimizer begins with these rates by group."""
    arguments = {"epochs": 100, "optimizer": "auto", "lr0": asked_for}
    return BEGUN.changed(args=arguments, manifest={"optimizer": {"name": "AdamW", "lr": rates}})


FIRES = Example("lr0 is .001, and optimizer=auto takes .002.", asked(0.001))
QUIET = [
    Example("The optimizer is named.", asked(0.002, "SGD")),
    Example("Nobody set lr0: it is the default.", asked(0.01)),
    Example("The rate that was asked for is the one taken.", asked(0.002)),
    Example("The optimizer begins with it.", begun(0.002, 0.002, 0.006)),
    Example("No rate is logged.", asked(0.001).changed(columns={"lr/pg0": [float("nan")] * N})),
]
BORDERS = {
    "DEFAULT": (asked(0.0101), asked(0.01)),
    "recorded": (begun(0.001, 0.002), begun(0.001, 0.001)),
    "DIFFERENCE": (asked(0.00223), asked(0.00221)),
}
