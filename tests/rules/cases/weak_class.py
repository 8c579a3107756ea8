"""The rule weak-class."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.class_trainings import classed
from tests.rules.trainings import HEALTHY, ZERO, Training


def one_weak(score: float, instances: int) -> Training:
    """Four classes of mAP50-95 0.7 and one of this, each with as many instances."""
    return classed([0.7] * 4 + [score], [instances] * 5)


FIRES = Example(
    "One of five classes has mAP50-95 0.2, the others 0.7; 150 instances of each.",
    one_weak(0.2, 150),
)
QUIET = [
    Example("All classes are about as good.", classed([0.7, 0.65, 0.72, 0.68, 0.7], [150] * 5)),
    Example("The weak class has 9 instances.", classed([0.7] * 4 + [0.2], [150] * 4 + [9])),
    Example("Forty points less may be chance with 12 instances.", one_weak(0.3, 12)),
    Example("Only one class was validated.", classed([0.2], [150])),
    Example("Nothing is known of single classes.", HEALTHY),
    Example("Nothing was learnt at all.", ZERO),
]
BORDERS = {
    "deficit_min": (one_weak(0.57, 5000), one_weak(0.585, 5000)),
    "deficit_warning": (one_weak(0.495, 5000), one_weak(0.505, 5000)),
    "FEW": (one_weak(0.05, 29), one_weak(0.05, 30)),
    "ENOUGH": (one_weak(0.2, 99), one_weak(0.2, 100)),
}
