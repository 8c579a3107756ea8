"""Which classes are taken for which others, the most frequent confusion first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.plain_values import number, range_of
from tensorboard_runlens.schema.threshold import Confusion
from tensorboard_runlens.statistics.proportion import wilson

MAX_RANKED = 100
"""Confusions of one confidence that are ranked; a page shows ten."""

Cells = npt.NDArray[np.int64]
"""(k, 3): predicted, true, count."""


def ranked(cells: Cells, classes: int) -> list[Confusion]:
    """Objects of one of so many classes that were taken for another; the index after the last is the background."""
    of = np.zeros(classes + 1, np.int64)
    np.add.at(of, cells[:, 1], cells[:, 2])
    (predicted, true, _) = cells.T
    wrong = cells[(predicted != true) & (predicted < classes) & (true < classes)]
    order = np.lexsort((wrong[:, 0], wrong[:, 1], -wrong[:, 2]))[:MAX_RANKED]
    return [
        _confusion(predicted, true, count, int(of[true]))
        for (predicted, true, count) in wrong[order].tolist()
    ]


def _confusion(predicted: int, true: int, count: int, of: int) -> Confusion:
    share = count / of
    (low, high) = range_of(wilson(share, of)) or (0.0, 1.0)
    return Confusion(predicted, true, count, of, number(share) or 0.0, (low, high))
