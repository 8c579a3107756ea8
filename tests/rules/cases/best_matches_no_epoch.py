"""The rule best-matches-no-epoch."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training

BEST = HEALTHY.map50_95[-1]


def evaluated(difference: float, **args: float) -> Training:
    """An evaluation of best.pt whose mAP differs from the best epoch's by as much."""
    final = {"map50": BEST + 0.2 + difference, "map50_95": BEST + difference}
    return HEALTHY.changed(final=final, args=args)


FIRES = Example("best.pt is five points better than its own epoch.", evaluated(0.05))
QUIET = [
    Example("best.pt is as good as its epoch.", evaluated(0.002)),
    Example("best.pt was not evaluated again.", HEALTHY),
    Example("conf was raised, which explains it.", evaluated(-0.05, conf=0.25)),
]
BORDERS = {
    "difference_max": (evaluated(0.0102), evaluated(0.0098)),
    "warning_min": (evaluated(0.0302), evaluated(0.0298)),
}
