"""The rule diverged."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import DIVERGED, HEALTHY, first

GOES_ON = DIVERGED.changed(args={"epochs": 100}, running=True)
FELL = HEALTHY.changed(
    map50_95=[*HEALTHY.map50_95[:50], *[0.01] * 10], args={"epochs": 100}, running=True
)

FIRES = Example("The training loss rises fivefold from epoch 41 on and stays there.", DIVERGED)
QUIET = [
    Example("The training loss falls.", HEALTHY),
    Example("The training loss is NaN: another rule's.", trainings.NOT_A_NUMBER),
    Example("Twelve epochs of falling loss.", first(HEALTHY, 12)),
    Example(
        "The training loss shoots up at epoch 41 and falls again.",
        HEALTHY.changed(train=[*HEALTHY.train[:40], *[5 - 0.18 * row for row in range(20)]]),
    ),
    Example("The metric declines by five points.", trainings.PAST_BEST),
    Example(
        "The training loss rises fivefold while it goes on, and the metric still rises.", GOES_ON
    ),
    Example(
        "The metric falls to nothing while it goes on, and the training loss still falls.", FELL
    ),
]
