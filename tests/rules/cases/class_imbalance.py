"""The rule class-imbalance."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rules.cases import Example
from tests.rules.class_trainings import classed
from tests.rules.trainings import HEALTHY, Training

TWENTY_ABOVE = (5, 7, 2, 18, 3, 13, 4, 15, 6, 10, 11, 17, 9, 1, 8, 14, 12, 19, 20, 16)
"""Ranks that correlate with their order by 0.501."""

TWENTY_BELOW = (6, 3, 4, 2, 1, 12, 13, 17, 5, 18, 10, 20, 11, 8, 15, 19, 16, 14, 7, 9)
"""... by 0.492."""


def ordered(ranks: Sequence[float], step: float = 0.03, ratio: float = 8) -> Training:
    """Classes whose mAP50-95 has these ranks, in order of their training instances."""
    n = len(ranks)
    trained = [100 + round(100 * (ratio - 1) * number / (n - 1)) for number in range(n)]
    return classed([0.2 + step * rank for rank in ranks], [200] * n, trained)


def two_classes(most: int) -> Training:
    """Two equally good classes, the rare one with ten training instances."""
    return classed([0.6, 0.6], [200, 200], [most, 10])


FIRES = Example("Of six classes each is the worse the rarer it is.", ordered(range(6), 0.1))
QUIET = [
    Example("The rarest of six classes is the best one.", ordered([5, 0, 3, 1, 4, 2])),
    Example("All classes are equally frequent.", ordered(range(6), 0.1, ratio=1)),
    Example("Only one class.", classed([0.5], [200], [50])),
    Example("Nothing is known of single classes.", HEALTHY),
]
BORDERS = {
    "ratio_min": (two_classes(106), two_classes(100)),
    "correlation_min": (ordered(TWENTY_ABOVE), ordered(TWENTY_BELOW)),
    "loss_min": (ordered(range(6), 0.0171), ordered(range(6), 0.0164)),
    "CLASSES_MIN": (ordered(range(5), 0.1), ordered(range(4), 0.1)),
    "CHANCE": (ordered([0, 1, 2, 4, 3], 0.1), ordered([0, 2, 1, 4, 3], 0.1)),
    "RATIO_MIN": (ordered(range(6), 0.1, ratio=3), ordered(range(6), 0.1, ratio=2.95)),
}
