"""The rule target-missed."""

from __future__ import annotations

from tensorboard_runlens.targets import Target
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, first

BEST = max(HEALTHY.map50_95)

FIRES = Example(
    "The user wants mAP50-95 of .9; the best epoch stays below.",
    HEALTHY.changed(targets=[Target("map50_95", 0.9, 0.9)]),
)
QUIET = [
    Example(
        "The best epoch has what the user wants.",
        HEALTHY.changed(targets=[Target("map50_95", BEST - 0.1, BEST - 0.1)]),
    ),
    Example(
        "The training broke off: it has not come to where it would have.",
        HEALTHY.changed(targets=[Target("map50_95", 0.9, 0.9)], args={"epochs": 500}),
    ),
    Example("The user set no target.", HEALTHY),
    Example(
        "Three epochs were trained: that they are too few says more.",
        first(HEALTHY, 3).changed(targets=[Target("map50_95", 0.9, 0.9)], args={"epochs": 3}),
    ),
]
