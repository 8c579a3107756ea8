"""The rule unused-loss."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, N, Training, first

FALLING = list(HEALTHY.train)
NOTHING = [0.0] * N


def losses(**by_column: list[float]) -> Training:
    """A training that finds nothing, with these losses: train_cls stands for train/cls_loss."""
    named = {f"{name.replace('_', '/')}_loss": values for (name, values) in by_column.items()}
    return trainings.ZERO.changed(columns=named)


STILL = HEALTHY.changed(train=[2.0] * N)

FIRES = Example(
    "The box loss is 0, the classification loss is not.",
    losses(train_box=NOTHING, val_box=NOTHING, train_cls=FALLING, val_cls=FALLING),
)
QUIET = [
    Example("Every loss falls.", HEALTHY),
    Example(
        "The classification loss of one class is 0.",
        HEALTHY.changed(columns={"train/cls_loss": NOTHING, "val/cls_loss": NOTHING}),
    ),
    Example(
        "Validation losses are all 0: they were not measured.",
        HEALTHY.changed(columns={"val/box_loss": NOTHING}),
    ),
    Example(
        "A part that the release no longer uses.",
        HEALTHY.changed(columns={"train/sem_loss": NOTHING, "val/sem_loss": NOTHING}),
    ),
]
BORDERS = {"epochs_min": (first(STILL, 10), first(STILL, 9))}
