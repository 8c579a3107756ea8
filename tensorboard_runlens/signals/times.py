"""What the rules may ask of a training's duration: seconds of single epochs, and which of them were slow.

Rows are indices into the run's History.
"""

from __future__ import annotations

from functools import cached_property
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens import lifecycle
from tensorboard_runlens.run import Floats, Run

USUAL_QUANTILE = 0.25
"""Seconds that a quarter of the epochs stay below are the machine's when nothing disturbs it."""

SECONDS_MAX = 30 * 86400.0
"""A month for one epoch is a damaged cell or a clock that was set."""

KNOWN_MIN = 10
"""Epochs of known duration below which nothing is usual."""

STRETCH_MIN = 5
"""Slow epochs in a row that are no accident of one."""


class TimeSignals:
    """Durations of one run's epochs; ``validated`` (rows,) marks those with a validation, which takes its time.

    From ``close_mosaic_row`` on an epoch reads a quarter of the images, and may be far quicker; None without such.
    """

    def __init__(
        self, run: Run, validated: npt.NDArray[np.bool_], close_mosaic_row: Optional[int] = None
    ) -> None:
        self._run = run
        self._validated = validated
        self._close_mosaic_row = close_mosaic_row

    @cached_property
    def taken(self) -> Floats:
        """Seconds by row, shape (rows,), NaN where unknown: a first row may hold epochs before it."""
        history = self._run.history
        if history.seconds is None or not len(history):
            return np.full(len(history), np.nan)
        before = lifecycle.first_epoch_number(self._run) - 1
        single = np.diff(history.epoch, prepend=before) == 1
        with np.errstate(invalid="ignore", over="ignore"):
            taken = np.diff(history.seconds, prepend=0.0)
            plausible = (taken > 0) & (taken < SECONDS_MAX)
        return np.where(single & plausible, taken, np.nan)

    @cached_property
    def seconds(self) -> Floats:
        """Seconds by row, shape (rows,); NaN where unknown, in the first epoch of a process and without validation."""
        begun = np.isin(self._run.history.epoch, self._run.logged.resumed)
        begun[:1] = True
        return np.where(~begun & self._validated, self.taken, np.nan)

    @cached_property
    def usual(self) -> Optional[float]:
        """Seconds of an epoch with mosaic when nothing disturbs the machine, None where too few durations are known."""
        known = self.seconds[: self._close_mosaic_row]
        known = known[np.isfinite(known)]
        return float(np.quantile(known, USUAL_QUANTILE)) if len(known) >= KNOWN_MIN else None

    def slow(self, lasting: float, single: float) -> npt.NDArray[np.int64]:
        """Rows that took ``single`` times the usual seconds, or ``lasting`` times in a stretch of STRETCH_MIN."""
        if self.usual is None:
            return np.empty(0, np.int64)
        seconds = np.nan_to_num(self.seconds, nan=-1.0)
        (above, alone) = (seconds >= lasting * self.usual, seconds >= single * self.usual)
        return np.flatnonzero(alone | _in_stretch(above))


def _in_stretch(marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Those of the marked rows that stand in a stretch of at least STRETCH_MIN."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    kept = np.zeros(len(marked), np.bool_)
    for first, last in zip(ends[::2], ends[1::2]):
        kept[first:last] = last - first >= STRETCH_MIN
    return kept
