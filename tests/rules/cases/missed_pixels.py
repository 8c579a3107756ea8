"""The rule missed-pixels."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, ITERATIONS, SelfTraining


def found(precision: float, recall: float) -> SelfTraining:
    """A self-training whose last iteration is the best and finds this share of the positive pixels."""
    f1 = 2 * precision * recall / (precision + recall)
    last = {"precision": precision, "recall": recall, "f1": f1, "iou": f1 / (2 - f1)}
    earlier = {name: 0.9 * value for (name, value) in last.items()}
    return ITERATIONS.changed(metrics={0: earlier, 1: earlier, 2: last})


FIRES = Example("Nine of ten marked pixels are right, four of ten are found.", found(0.9, 0.4))
QUIET = [
    Example("Precision and recall lie close together.", found(0.7, 0.6)),
    Example("Far more is marked than is there, which is another matter.", found(0.4, 0.9)),
    Example("Detections, of which precision-recall-gap speaks.", HEALTHY),
]
BORDERS = {
    "gap_max": (found(0.701, 0.5), found(0.699, 0.5)),
    "low": (found(0.8, 0.299), found(0.8, 0.301)),
}
