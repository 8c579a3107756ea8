"""What the rules may ask of metrics that belong together: rows in which all of them were measured anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, History, Integers

Mask = npt.NDArray[np.bool_]
Column = tuple[str, str]
"""Group and name, e.g. box and map50."""


class MetricSignals:
    """The metrics of one run by row; rows that are copies of the one before (``copied``) do not count."""

    def __init__(self, history: History, copied: Mask) -> None:
        self._metrics = history.metrics
        self._fresh = ~copied

    def rows(self, columns: Sequence[Column]) -> Integers:
        """Rows in which all of these were measured; none where one of the columns is missing."""
        values = [self._metrics.get(group, {}).get(name) for (group, name) in columns]
        finite = [np.isfinite(one) for one in values if one is not None]
        if len(finite) < len(columns):
            return np.empty(0, np.int64)
        return np.flatnonzero(np.all(finite, axis=0) & self._fresh)

    def nearest(self, row: int, columns: Sequence[Column], count: int) -> Integers:
        """The rows nearest to one of them, ``count`` at most, in order."""
        rows = self.rows(columns)
        return np.sort(rows[np.argsort(np.abs(rows - row), kind="stable")[:count]])

    def at(self, column: Column, rows: Integers) -> Floats:
        """The values of a metric that there is."""
        return self._metrics[column[0]][column[1]][rows]
