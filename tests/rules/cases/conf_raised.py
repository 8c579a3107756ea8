"""The rule conf-raised."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

RAISED = HEALTHY.changed(args={"conf": 0.25})
LIKE_THE_BEST = {"precision": 0.8, "recall": 0.7, "map50": HEALTHY.map50_95[-1] + 0.2}


def evaluated(precision: float = 0.0, map50: float = 0.0) -> object:
    """The training with an evaluation of best.pt that differs by as much from the best epoch's."""
    final = {
        "precision": LIKE_THE_BEST["precision"] + precision,
        "recall": LIKE_THE_BEST["recall"],
        "map50": LIKE_THE_BEST["map50"] + map50,
    }
    return RAISED.changed(final=final)


FIRES = Example("args.yaml says conf: 0.25.", RAISED)
QUIET = [
    Example("No conf is stated.", HEALTHY),
    Example("conf is the default, .001.", HEALTHY.changed(args={"conf": 0.001})),
]
BORDERS = {
    "conf_max": (HEALTHY.changed(args={"conf": 0.0101}), HEALTHY.changed(args={"conf": 0.0099})),
    "SHIFT_MIN": (evaluated(map50=-0.0102), evaluated(map50=-0.0098)),
    "SAME": (evaluated(0.0048, map50=-0.03), evaluated(0.0052, map50=-0.03)),
}
