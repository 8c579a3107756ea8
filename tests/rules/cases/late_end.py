"""The rule late-end."""

from __future__ import annotations

from typing import Optional

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training, first


def taking(
    minutes: float, hours: Optional[float] = 10.0, epochs: int = 5, begin: float = 20.0
) -> Training:
    """A running training of 100 epochs, the first of which took ``begin`` minutes."""
    time = [60 * (begin + minutes * row) for row in range(epochs)]
    training = first(HEALTHY, epochs).changed(args={"epochs": 100}, columns={"time": time})
    return training.changed(hours=hours, running=True)


def in_all(share: float) -> Training:
    """A running training that ends by this share beyond its plan."""
    return taking(6.0, hours=10 / (1 + share), begin=6.0)


FIRES = Example("Epochs of nine minutes, a hundred of them, within ten hours.", taking(9))
QUIET = [
    Example("Epochs of five minutes.", taking(5)),
    Example("Nobody said how long it may take.", taking(9, hours=None)),
    Example("Only the first epoch is done, and slow.", taking(9, epochs=1, begin=60)),
    Example("The training is over.", taking(9).changed(running=False)),
]
BORDERS = {
    "share_min": (in_all(0.101), in_all(0.099)),
    "share_warning": (in_all(0.251), in_all(0.249)),
    "SURE_MIN": (taking(9, epochs=4), taking(9, epochs=3)),
}
