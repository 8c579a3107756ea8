"""The rule diverged."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, first

FIRES = Example(
    "The training loss rises fivefold from epoch 41 on and stays there.", trainings.DIVERGED
)
QUIET = [
    Example("The training loss falls.", HEALTHY),
    Example("The training loss is NaN: another rule's.", trainings.NOT_A_NUMBER),
    Example("Twelve epochs of falling loss.", first(HEALTHY, 12)),
]
