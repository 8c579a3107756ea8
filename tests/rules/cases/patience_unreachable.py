"""The rule patience-unreachable."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import BEGUN, HEALTHY, Training, first


def patient(allowed: int) -> Training:
    """A training of 80 epochs that has just begun."""
    return BEGUN.changed(args={"epochs": 80, "patience": allowed})


FIRES = Example("patience is 120, 80 epochs are planned.", patient(120))
QUIET = [
    Example("patience is 79.", patient(79)),
    Example("patience is 100, as the framework has it.", patient(100)),
    Example("patience is 0: no early stopping was asked for.", patient(0)),
    Example("The training is over.", HEALTHY.changed(args={"epochs": 60, "patience": 120})),
    Example(
        "It takes as many epochs as a budget of hours allows.",
        BEGUN.changed(args={"epochs": 80, "patience": 120, "time": 8}),
    ),
    Example("A recording says nothing of it.", first(HEALTHY, 20)),
]
BORDERS = {"patience": (patient(80), patient(79))}
FACTS = ("USUAL_SHARE",)
