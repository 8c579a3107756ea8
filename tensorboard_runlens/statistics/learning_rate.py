"""How a training loss answers to the learning rate; all series have shape (n,), finite values, in order of epochs."""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.run import Floats

WINDOW_MIN = 5
"""Rows of which a median stands for a stretch; a tenth of the training where that is more."""

END_ROWS = 3
"""Last rows whose median is the end of a loss that falls steadily."""


def level_after(loss: Floats, warm_row: int) -> float:
    """The loss in the stretch after warm-up by that at its last row; 1 where either is missing or zero."""
    after = loss[warm_row + 1 : warm_row + 1 + _window(loss)]
    if not len(after) or loss[warm_row] <= 0:
        return 1.0
    return float(np.median(after)) / float(loss[warm_row])


def early_fall(loss: Floats, warm_row: int) -> float:
    """The share of the loss at the end of warm-up that the first fifth of the remaining rows took off."""
    fifth = warm_row + max((len(loss) - warm_row) // 5, END_ROWS)
    if fifth >= len(loss) or loss[warm_row] <= 0:
        return 1.0
    return 1 - _around(loss, fifth) / float(loss[warm_row])


def late_by_early(loss: Floats, rate: Floats, warm_row: int) -> float:
    """How much the loss fell over the second half of the summed rate, by its fall over the first half.

    Near 1 it falls as fast as the rate lets it; a loss that nears its lowest falls less and less. 0 where it did not
    fall at first.
    """
    spent = np.cumsum(rate[warm_row:])
    half = warm_row + int(np.searchsorted(spent, spent[-1] / 2))
    early = float(loss[warm_row]) - _around(loss, half)
    late = _around(loss, half) - float(np.median(loss[-END_ROWS:]))
    return late / early if early > 0 else 0.0


def _around(loss: Floats, row: int) -> float:
    return float(np.median(loss[max(row - WINDOW_MIN // 2, 0) : row + WINDOW_MIN // 2 + 1]))


def _window(loss: Floats) -> int:
    return max(len(loss) // 10, WINDOW_MIN)
