"""The rule precision-recall-gap."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.class_trainings import validated
from tests.rules.trainings import HEALTHY, ZERO, Training


def both(precision: float, recall: float, training: Training = HEALTHY) -> Training:
    """Precision and recall in every epoch."""
    values = {"metrics/precision(B)": precision, "metrics/recall(B)": recall}
    return training.changed(
        columns={name: [value] * len(training) for (name, value) in values.items()}
    )


def measured(epochs: int) -> Training:
    """Precision and recall are known of so many of the last epochs only."""
    recall = [float("nan")] * (len(HEALTHY) - epochs) + [0.4] * epochs
    return HEALTHY.changed(columns={"metrics/recall(B)": recall})


def one_epoch() -> Training:
    """The best epoch has another balance than those before it."""
    return HEALTHY.changed(columns={"metrics/recall(B)": [0.7] * (len(HEALTHY) - 1) + [0.3]})


FIRES = Example("Precision is 90 %, recall 50 %.", both(0.9, 0.5))
QUIET = [
    Example("Precision is 80 %, recall 70 %.", HEALTHY),
    Example("Only the last and best epoch has a low recall.", one_epoch()),
    Example("Twenty objects cannot tell 80 % from 58 %.", validated(20, 10, recall=0.58)),
    Example("Nothing was learnt.", ZERO),
]
BORDERS = {
    "gap_max": (both(0.9, 0.699), both(0.9, 0.701)),
    "low": (both(0.32, 0.299), both(0.32, 0.301)),
    "EPOCHS": (measured(5), measured(4)),
}
