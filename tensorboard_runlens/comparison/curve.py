"""A metric of a run epoch by epoch, as far as it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.lifecycle import first_epoch_number
from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.level import Level, level_around, level_at_end


@dataclass(frozen=True, eq=False)
class Curve:
    """Values (n,), n >= 1, finite, after ``epochs`` (n,) trained: 1 is the first one, however a framework numbers it.
    ``best`` is the index that stands for best.pt."""

    epochs: Integers
    values: Floats
    best: int

    @property
    def last(self) -> int:
        """Epochs trained before the last value."""
        return int(self.epochs[-1])

    @property
    def around_best(self) -> Level:
        """What best.pt gives, the luck of its epoch averaged away."""
        return level_around(self.values, self.best)

    @property
    def at_end(self) -> Level:
        """Where the training arrived."""
        return level_at_end(self.values)

    def after(self, epochs: int) -> Optional[Level]:
        """Where it was after so many epochs; None before its first value."""
        known = int(np.searchsorted(self.epochs, epochs, side="right"))
        return level_at_end(self.values[:known]) if known else None


def metric_curve(analysis: Analysis, group: str, metric: str) -> Optional[Curve]:
    """Of one metric, F1 of mean precision and recall included; None where it was never measured."""
    named = analysis.run.history.metrics.get(group, {})
    values = named.get(metric)
    if values is None and metric == "f1" and {"precision", "recall"} <= named.keys():
        values = f1_of(named["precision"], named["recall"])
    return None if values is None else curve_of(analysis, values)


def curve_of(analysis: Analysis, values: Floats) -> Optional[Curve]:
    """Of values by row (rows,): those that are finite and no copies of the row before."""
    signals = analysis.signals
    rows = np.flatnonzero(np.isfinite(values) & ~signals.copied_rows)
    if not len(rows):
        return None
    best = len(rows) - 1
    if signals.best_row is not None:
        best = min(int(np.searchsorted(rows, signals.best_row)), best)
    epochs = analysis.run.history.epoch[rows] - first_epoch_number(analysis.run) + 1
    return Curve(epochs, values[rows], best)


def f1_of(precision: Floats, recall: Floats) -> Floats:
    """2PR / (P + R), 0 where both are 0."""
    total = precision + recall
    return np.where(total > 0, 2 * precision * recall / np.where(total > 0, total, 1.0), total)
