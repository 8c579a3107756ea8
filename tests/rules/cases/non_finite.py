"""The rule non-finite."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training


def broken(rows: int) -> Training:
    """The training loss is NaN in so many epochs from the eleventh on."""
    train = list(HEALTHY.train)
    train[10 : 10 + rows] = [float("nan")] * rows
    return HEALTHY.changed(train=train)


FIRES = Example("The training loss is NaN from epoch 31 on.", trainings.NOT_A_NUMBER)
QUIET = [
    Example("All losses are numbers.", HEALTHY),
    Example("The training loss rises, in numbers.", trainings.DIVERGED),
]
BORDERS = {"train_share_warning": (broken(4), broken(3))}
