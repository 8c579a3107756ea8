"""What the rules may ask of a run's progress: how far the main metric has come, if it still rises, how it will end.

Of the metric only rows count in which it was measured; ``done`` numbers them by the epochs that were done then. Its
level is a median of five of them in a row, which a single lucky epoch does not lift.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np

from tensorboard_runlens import lifecycle
from tensorboard_runlens.run import Floats, Integers, Run
from tensorboard_runlens.statistics.forecast import Forecast, forecast
from tensorboard_runlens.statistics.late_trend import Trend, late_trend
from tensorboard_runlens.statistics.learning_curve import STRETCH, continued, levels

GOES_ON = ("running", "stale", "interrupted")
"""States in which the plan is still open: it goes on, or can be resumed."""

ENDED = ("finished", "early_stopped", "unknown")
"""States in which it is not, without having broken down; of no known plan nothing is open."""

WARM_UP_ROWS = 3
"""Losses of the first three epochs are those of warm-up: the validation loss is up to twice as high as after it."""


@dataclass(frozen=True)
class Settled:
    """``row`` ends the stretch at which a metric had come near its highest level; ``gained`` is what it rose since, a
    fraction 0..1."""

    row: int
    gained: float


class ProgressSignals:
    """``metric`` is the main metric by row, NaN where it was not measured; ``train`` and ``val`` are the summed losses.
    All are None for runs that are short by design."""

    def __init__(
        self,
        run: Run,
        state: str,
        metric: Optional[Floats],
        train: Optional[Floats],
        val: Optional[Floats],
    ) -> None:
        self.run = run
        self.state = state
        self.metric = np.full(len(run.history), np.nan) if metric is None else metric
        self.train = train
        self.val = val

    @cached_property
    def rows(self) -> Integers:
        """The rows in which the metric was measured, shape (n,); what is no fraction is no measurement."""
        return np.flatnonzero((self.metric >= 0) & (self.metric <= 1))

    @cached_property
    def values(self) -> Floats:
        """The metric there, fractions 0..1, shape (n,)."""
        return self.metric[self.rows]

    @cached_property
    def done(self) -> Floats:
        """How many epochs were done then, shape (n,)."""
        epochs = self.run.history.epoch[self.rows] - lifecycle.first_epoch_number(self.run)
        return np.asarray(epochs + 1, np.float64)

    @cached_property
    def planned(self) -> Optional[int]:
        """Epochs that were asked for."""
        return lifecycle.planned_epochs(self.run)

    @cached_property
    def forecast(self) -> Optional[Forecast]:
        """How the plan would end; None where it has ended, is unknown, or too little was done."""
        if self.state not in GOES_ON or self.planned is None:
            return None
        return forecast(self.done, self.values, self.planned)

    @cached_property
    def levels(self) -> Floats:
        """Highest level so far after each stretch of epochs; empty where too little was measured."""
        return levels(self.values) if len(self.values) >= STRETCH else np.empty(0)

    @cached_property
    def level(self) -> float:
        """The highest level of the metric, NaN where too little was measured."""
        return float(self.levels[-1]) if len(self.levels) else float("nan")

    @cached_property
    def best_share(self) -> float:
        """Share of the stretches after which the highest level was reached, 0..1."""
        return self._first_above(self.level) / len(self.levels) if len(self.levels) else 0.0

    def settled(self, within: float) -> Optional[Settled]:
        """Where the level first came this near to its highest; None where too little was measured."""
        if not len(self.levels):
            return None
        first = self._first_above(self.level - within)
        return Settled(int(self.rows[first + STRETCH - 2]), self.level - self.levels[first - 1])

    def _first_above(self, level: float) -> int:
        """Which stretch, from 1 on, is the first of at least this level."""
        return int(np.searchsorted(self.levels, level)) + 1

    @cached_property
    def late(self) -> Optional[Trend]:
        """How the metric moved in its last quarter."""
        return late_trend(self.values) if len(self.values) >= STRETCH else None

    @cached_property
    def again(self) -> float:
        """What as many epochs again would add to the level if the curve went on as it did; NaN where unknown.

        It measures how much the metric still rises. Nobody knows whether it would: the learning rate has come down.
        """
        if not len(self.levels):
            return float("nan")
        return continued(self.done, self.values, 2 * self.done[-1]) - self.level

    @cached_property
    def train_late_fall(self) -> float:
        """Share by which the training loss fell in its last quarter; NaN where unknown, negative where it rose."""
        train = _finite(self.train)
        if len(train) < STRETCH:
            return float("nan")
        trend = late_trend(train)
        return _share(-trend.gain, float(train[trend.first]))

    @cached_property
    def train_fall(self) -> float:
        """Share by which the training loss fell since warm-up; NaN where unknown."""
        train = _finite(self.train)[WARM_UP_ROWS:]
        if len(train) < 2 * STRETCH:
            return float("nan")
        before = float(np.median(train[:STRETCH]))
        return _share(before - float(np.median(train[-STRETCH:])), before)

    @cached_property
    def gap(self) -> float:
        """By which share of the training loss the validation loss lies above it at the end; NaN where unknown."""
        (train, val) = (_finite(self.train), _finite(self.val))
        if min(len(train), len(val)) < STRETCH:
            return float("nan")
        end = float(np.median(train[-STRETCH:]))
        return _share(float(np.median(val[-STRETCH:])) - end, end)


def _finite(losses: Optional[Floats]) -> Floats:
    return np.empty(0) if losses is None else losses[np.isfinite(losses)]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
