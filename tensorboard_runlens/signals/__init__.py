"""What the rules may ask of a run: named quantities with their unit, each possibly missing (None).

Rules never touch files or raw columns. Rows are indices into the run's History; losses are in the
framework's units with gains untouched; metrics are fractions 0..1.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens import ended, lifecycle
from tensorboard_runlens.fitness import Fitness, possible
from tensorboard_runlens.partinet import STEP2
from tensorboard_runlens.pseudo_labels import Thresholds, schedule, states_decay
from tensorboard_runlens.run import NAMELESS, RECORDED, Floats, Run, main_metric
from tensorboard_runlens.signals.classes import ClassSignals
from tensorboard_runlens.signals.data import DataSignals
from tensorboard_runlens.signals.goals import Reached, reached
from tensorboard_runlens.signals.learning_rate import ScheduleSignals
from tensorboard_runlens.signals.machine import MachineSignals
from tensorboard_runlens.signals.metrics import MetricSignals
from tensorboard_runlens.signals.progress import ProgressSignals
from tensorboard_runlens.signals.times import TimeSignals
from tensorboard_runlens.signals.validation import ValidationSize, validation_size
from tensorboard_runlens.statistics.assess import Overfitting, assess
from tensorboard_runlens.statistics.divergence import Divergence, loss_divergence
from tensorboard_runlens.statistics.forecast import Forecast
from tensorboard_runlens.statistics.rise import MIN_POINTS, plausible, rise_of
from tensorboard_runlens.surroundings import ALONE, Surroundings
from tensorboard_runlens.targets import Target

Mask = npt.NDArray[np.bool_]

USABLE_SHARE = 0.8
"""A loss component counts in the total when at least this share of its rows is finite."""

WITH_GAPS = (*NAMELESS, "selftraining")
"""Frameworks whose tables have gaps: no program stands for every value of every row."""

BROKEN_ROWS = 3
"""Training losses that are not finite in as many last rows are no accident of one batch."""


class Signals:
    """The quantities of one run at one moment (``now``, seconds since 1970)."""

    def __init__(
        self,
        run: Run,
        now: Optional[float] = None,
        surroundings: Surroundings = ALONE,
        targets: Sequence[Target] = (),
    ) -> None:
        self.run = run
        self.now = time.time() if now is None else now
        self.surroundings = surroundings
        self._targets = targets

    @property
    def rows(self) -> int:
        """Epochs of the last segment."""
        return len(self.run.history)

    def epoch(self, row: int) -> int:
        """The framework's number of a row's epoch."""
        return int(self.run.history.epoch[row])

    @property
    def last_epoch(self) -> Optional[int]:
        """The framework's number of the last epoch, None before the first is done."""
        return self.epoch(self.rows - 1) if self.rows else None

    def argument(self, name: str) -> Any:
        """A training argument as its file states it, None where it is not stated."""
        return self.run.arguments.get(name)

    @property
    def unit(self) -> str:
        """What a row is called in a sentence: epoch or iteration."""
        return self.run.axis

    @cached_property
    def ended(self) -> Optional[str]:
        """Why the training broke off, as its recording, its process or its console tells: one of schema.Ended. None
        where it did not, or nothing says."""
        return lifecycle.why_ended(self.run, self.state)

    @cached_property
    def cut_off(self) -> bool:
        """Whether the training broke off or fell silent: after some epochs, or in its first one."""
        if self.rows:
            return self.state in ("interrupted", "stale")
        stopped = lifecycle.stopped_in_its_first_epoch(self.run, self.now)
        return self.state == "empty" and stopped

    @cached_property
    def silent(self) -> bool:
        """Of a training that is cut off: whether nothing but a silence of less than a day says so."""
        return self.ended is None and lifecycle.freshness(self.run, self.now) == "silent"

    @cached_property
    def process_is_there(self) -> Optional[bool]:
        """Whether the process that trains is there; None where that cannot be told."""
        return ended.process_is_there(self.run)

    @property
    def keeps_best(self) -> bool:
        """Whether the program is known to keep the best epoch's weights as best.pt."""
        return self.run.framework in ("ultralytics", "yolov5", "yolov7")

    @property
    def short_by_design(self) -> bool:
        """Whether few rows are all there should be: rounds of self-training, PartiNet's training of the router."""
        return self.run.axis == "iteration" or self.run.stage == STEP2

    @cached_property
    def pseudo_labels(self) -> list[Thresholds]:
        """The thresholds of a self-training's iterations; empty for other runs and where none are stated."""
        if self.run.axis != "iteration":
            return []
        if self.run.framework == RECORDED and not states_decay(self.run.arguments):
            return []
        planned = lifecycle.planned_epochs(self.run) or (
            self.epoch(self.rows - 1) + 1 if self.rows else 0
        )
        return schedule(self.run.arguments, planned - 1)

    @cached_property
    def fitness(self) -> Optional[Fitness]:
        """The framework's own fitness. Of two possible formulas the one by which patience ran out
        has proved itself; otherwise the likelier one."""
        formulas = possible(self.run)
        proved = [one for one in formulas if lifecycle.stopped_early(self.run, one)]
        return next(iter(proved or formulas), None)

    @cached_property
    def best_by(self) -> Optional[str]:
        """The formula of fitness in words, and what another possible formula would have chosen."""
        if self.fitness is None or self.best_row is None:
            return None
        others = [
            f"epoch {self.epoch(other.best_row)} by {other.formula}, were it another release"
            for other in possible(self.run)
            if other.best_row is not None and other.best_row != self.best_row
        ]
        return "; ".join([self.fitness.formula, *others])

    @cached_property
    def best_row(self) -> Optional[int]:
        """The row of best.pt: last tied maximum of fitness."""
        return self.fitness.best_row if self.fitness else None

    @cached_property
    def metric_name(self) -> Optional[str]:
        """The task's main metric as group and name, e.g. "box map50_95"."""
        return " ".join(self._main) if self._main else None

    @cached_property
    def metric(self) -> Optional[Floats]:
        """The task's main metric by row, fraction 0..1, NaN where validation was not run."""
        return self.run.history.metrics[self._main[0]][self._main[1]] if self._main else None

    @cached_property
    def metrics(self) -> MetricSignals:
        """Metrics that belong together."""
        return MetricSignals(self.run.history, self.copied_rows)

    @cached_property
    def _main(self) -> Optional[Any]:
        return main_metric(self.run.history.metrics)

    @cached_property
    def _validation(self) -> Floats:
        """Every validation loss and metric, shape (columns, rows)."""
        columns = [*self.run.history.val.values()]
        for named in self.run.history.metrics.values():
            columns += named.values()
        return np.vstack(columns) if columns else np.empty((0, self.rows))

    @cached_property
    def _validation_skipped(self) -> Mask:
        """Rows in which nothing was validated although other rows were."""
        if not len(self._validation):
            return np.zeros(self.rows, np.bool_)
        return np.asarray(np.all(np.isnan(self._validation), axis=0), np.bool_)

    @cached_property
    def validated_rows(self) -> int:
        """Number of rows with a validation loss or a metric: those that can carry a verdict."""
        return int(np.any(np.isfinite(self._validation), axis=0).sum())

    @cached_property
    def copied_rows(self) -> Mask:
        """Rows whose validation results are a copy of the row before: nothing was measured there."""
        copied = np.zeros(self.rows, np.bool_)
        if len(self._validation) and self.rows:
            values = np.nan_to_num(self._validation, nan=-1.0, posinf=-2.0, neginf=-3.0)
            same = np.all(values[:, 1:] == values[:, :-1], axis=0)
            copied[1:] = same & np.any(values[:, 1:] > 0, axis=0)
        return copied

    @cached_property
    def repeated_rows(self) -> Mask:
        """Rows whose metrics repeat the row before to the last digit although a validation loss moved."""
        repeated = np.zeros(self.rows, np.bool_)
        scores = [
            values for named in self.run.history.metrics.values() for values in named.values()
        ]
        if scores and self.run.history.val and self.rows:
            table = np.vstack(scores)
            same = np.all(table[:, 1:] == table[:, :-1], axis=0)
            repeated[1:] = same & np.any(table[:, 1:] > 0, axis=0)
        return repeated & ~self.copied_rows

    @cached_property
    def components(self) -> list[str]:
        """Loss components with usable values on both sides; all that were validated where no training loss is known."""
        (train, val) = (self.run.history.train, self.run.history.val)
        measured = ~self._validation_skipped
        usable = [name for name in val if _usable(val[name][measured])]
        return [name for name in usable if name in train and _usable(train[name])] or usable

    @cached_property
    def val_total(self) -> Optional[Floats]:
        """Sum of the validation losses in use, by row; NaN where one is missing."""
        return _total(self.run.history.val, self.components)

    @cached_property
    def train_total(self) -> Optional[Floats]:
        """Sum of the training losses of the same components, by row; of all where nothing was validated."""
        train = self.run.history.train
        shared = [name for name in self.components if name in train]
        return _total(train, shared or [name for name in train if _usable(train[name])])

    @cached_property
    def close_mosaic_row(self) -> Optional[int]:
        """First row trained without mosaic, None where that never came."""
        epoch = self.close_mosaic_epoch
        if epoch is None or not self.rows or self.run.history.epoch[-1] < epoch:
            return None
        return int(np.searchsorted(self.run.history.epoch, epoch))

    @cached_property
    def close_mosaic_epoch(self) -> Optional[int]:
        """The epoch from which mosaic is switched off: as recorded, else the last ``close_mosaic`` of those planned."""
        if self.run.recorded and self.run.recorded.close_mosaic_epoch:
            return self.run.recorded.close_mosaic_epoch
        (closing, end) = (self.argument("close_mosaic"), lifecycle.last_planned_epoch(self.run))
        if not isinstance(closing, int) or isinstance(closing, bool) or closing <= 0 or end is None:
            return None
        if self.argument("mosaic") == 0 or self.run.task == "classify":
            return None
        if closing > (lifecycle.planned_epochs(self.run) or 0):
            return None  # the epoch at which it would close never comes
        return end - closing + 1

    @cached_property
    def data(self) -> DataSignals:
        """What is known of the images and classes."""
        return DataSignals(self.run, self.surroundings)

    @cached_property
    def classes(self) -> ClassSignals:
        """What is known of single classes."""
        return ClassSignals(self.data.classes, self.data.trained)

    @cached_property
    def targets(self) -> list[Reached]:
        """What the user wants the run to reach, and how far it has."""
        return reached(self._targets, self.best_metrics, self.data.classes)

    @cached_property
    def validation(self) -> ValidationSize:
        """What was validated, and how far its numbers can be trusted."""
        (images, objects) = (self.data.n_val_images, self.data.n_val_instances)
        return validation_size(self.best_metrics, images, objects)

    @cached_property
    def machine(self) -> MachineSignals:
        """What is known of the machine that trained."""
        planned = lifecycle.planned_epochs(self.run) if self.state == "running" else None
        return MachineSignals(self.run, self.close_mosaic_row, planned or self.rows)

    @cached_property
    def schedule(self) -> ScheduleSignals:
        """What is known of the learning rate."""
        return ScheduleSignals(self.run)

    @cached_property
    def times(self) -> TimeSignals:
        """How long the epochs took."""
        return TimeSignals(self.run, ~self._validation_skipped, self.close_mosaic_row)

    @cached_property
    def progress(self) -> ProgressSignals:
        """How far the main metric has come; nothing is measured of runs that are short by design."""
        if self.short_by_design or self.metric is None:
            return ProgressSignals(self.run, self.state, None, None, None)
        fresh = np.where(self.copied_rows, np.nan, self.metric)
        return ProgressSignals(self.run, self.state, fresh, self.train_total, self.val_total)

    @property
    def forecast(self) -> Optional[Forecast]:
        """How the main metric will end if the training goes on to its planned end; None where nothing can be said."""
        return self.progress.forecast

    @cached_property
    def overfitting(self) -> Overfitting:
        """The two-axis verdict on the summed losses and the main metric; rows are the run's rows."""
        (val, train, metric) = (self.val_total, self.train_total, self.metric)
        nothing = np.full(self.rows, np.nan)
        fresh = ~self.copied_rows
        if self.short_by_design:
            (val, train) = (
                None,
                None,
            )  # the router's loss is not the detectors'; rounds are no epochs
        verdict = assess(
            np.where(fresh, nothing if train is None else train, np.nan),
            np.where(fresh, nothing if val is None else val, np.nan),
            nothing if metric is None else np.where(fresh, metric, np.nan),
            n_val_images=self.data.n_val_images,
            close_mosaic_row=self.close_mosaic_row,
        )
        if self.short_by_design and verdict.verdict == "too_short":
            return replace(verdict, verdict="unknown")
        return verdict if self.losses_comparable else replace(verdict, confidence="low")

    @property
    def losses_comparable(self) -> bool:
        """Whether training and validation loss are the same function: YOLOv7's OTA loss is not."""
        return self.run.framework != "yolov7" or self.argument("loss_ota") in (0, False)

    @cached_property
    def rising_component(self) -> Optional[str]:
        """The loss component that carries an overfit: of those that rise by themselves the one that adds most."""
        if not self.overfitting.loss_overfits:
            return None
        (gains, fresh) = ({}, ~self.copied_rows)
        for name in self.components:
            (train, val) = (self.run.history.train.get(name), self.run.history.val[name])
            if train is None:
                continue
            rows = np.flatnonzero(plausible(train, val) & fresh)
            rise = rise_of(train[rows], val[rows]) if len(rows) >= MIN_POINTS else None
            if rise and rise.significant:
                gains[name] = rise.excess * float(val[rows].min())
        return max(gains, key=lambda name: gains[name]) if gains else None

    @cached_property
    def train_not_finite_rows(self) -> list[int]:
        """Rows with a training loss that is NaN or infinite.

        Programs that are nobody's do not log every loss at every step: there a loss that is NaN
        beside others that were measured is missing.
        """
        rows = _not_finite_rows(self.run.history.train)
        if self.run.framework not in WITH_GAPS:
            return list(range(self.rows)) if self._never_a_number else rows
        if not rows:
            return rows
        measured = np.any(np.isfinite(self._every_value), axis=0)
        infinite = np.any(np.isinf(self._every_value), axis=0)
        return [row for row in rows if infinite[row] or not measured[row]]

    @property
    def _never_a_number(self) -> bool:
        """Whether no training loss ever was one: it broke down in the first epoch, and nothing is left to show."""
        broken = any(name.startswith("train ") for name in self.run.logged.nan)
        return broken and not self.run.history.train

    @cached_property
    def _every_value(self) -> Floats:
        """Training losses and everything validated, shape (columns, rows)."""
        return np.vstack([*self.run.history.train.values(), *self._validation])

    @cached_property
    def val_not_finite_rows(self) -> list[int]:
        """Rows with a validation loss that is NaN or infinite although another value of that row was measured."""
        rows = _not_finite_rows(self.run.history.val)
        skipped = self._validation_skipped
        return [row for row in rows if not skipped[row]]

    @cached_property
    def diverged(self) -> bool:
        """Whether training broke down and stayed down: losses not finite to the end, or far above their lowest."""
        if self.rows:
            last = range(max(self.rows - BROKEN_ROWS, 0), self.rows)
            if set(last) <= set(self.train_not_finite_rows):
                return True
        return self.loss_divergence is not None

    @cached_property
    def loss_divergence(self) -> Optional[Divergence]:
        """How the training loss ends far above its lowest, None where it does not."""
        return None if self.train_total is None else loss_divergence(self.train_total)

    @cached_property
    def state(self) -> str:
        """Where the run stands at ``now``, one of schema.State."""
        return lifecycle.state(self.run, self.fitness, self.diverged, self.now)

    @property
    def can_be_changed(self) -> bool:
        """Whether it is not too late: the training runs, or was recorded to begin and has no epoch yet."""
        begins = not self.rows and self.run.recorded is not None
        return self.state == "running" or begins

    @cached_property
    def best_metrics(self) -> dict[str, dict[str, Optional[float]]]:
        """group -> name -> value at the best epoch, F1 of mean precision and recall included; None where missing."""
        row = self.best_row
        if row is None:
            return {}
        return {group: _at(named, row) for (group, named) in self.run.history.metrics.items()}


def _usable(values: Floats) -> bool:
    return bool(np.isfinite(values).mean() >= USABLE_SHARE) if len(values) else False


def _total(losses: Mapping[str, Floats], names: list[str]) -> Optional[Floats]:
    if not names:
        return None
    total: Floats = np.sum([losses[name] for name in names], axis=0)
    return np.where(np.isfinite(total), total, np.nan)


def _not_finite_rows(losses: Mapping[str, Floats]) -> list[int]:
    if not losses:
        return []
    bad = ~np.all(np.isfinite(np.vstack([*losses.values()])), axis=0)
    return [int(row) for row in np.flatnonzero(bad)]


def _at(named: Mapping[str, Floats], row: int) -> dict[str, Optional[float]]:
    values = {name: float(series[row]) for (name, series) in named.items()}
    (precision, recall) = (values.get("precision"), values.get("recall"))
    if precision is not None and recall is not None and "f1" not in values:
        values["f1"] = (
            2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
        )
    return {name: value if np.isfinite(value) else None for (name, value) in values.items()}
