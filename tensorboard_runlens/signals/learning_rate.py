"""What the rules may ask of the learning rate: how it went, and how the arguments say it should have gone.

Rows are indices into the run's History. Parameter groups differ in warm-up only (the biases' rate falls there) or by a
constant factor, so the lowest of them stands for all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np

from tensorboard_runlens import lifecycle
from tensorboard_runlens.run import Floats, Run

RESTART_MIN = 1.5
"""A rate that grows by half from one epoch to the next, having fallen, was set anew: schedules go on falling."""

CONSTANT_MIN = 0.9
"""A rate that keeps nine tenths of its peak has not decayed."""

RAMP_SLACK = 0.15
"""Share of the peak by which warm-up may leave a straight line: its iterations do not end with an epoch."""

NEGLIGIBLE = 0.02
"""A difference of less than this share of the peak is that of an epoch more or less, and of rounding."""

ROUNDING = 0.001
"""Tables hold five digits: a share of the peak that is as near to it has reached it."""

LEAST = 1e-9
"""Stands for an ``lrf`` of zero: rates are divided by what the arguments imply."""

WITH_SCHEDULE = ("ultralytics", "yolov5", "yolov7")
"""Frameworks whose schedule follows from their arguments."""

OTHER_SCHEDULES = ("fixed_lr", "flat_cos_lr")
"""Switches of YOLOv9 for schedules of its own."""

LOGGED_AT = (0, 1, -1)
"""Epochs by which the logged rate may be ahead: releases log it before or after the schedule's step."""


@dataclass(frozen=True)
class Implied:
    """The rate that the arguments imply, by row, scaled to the peak that was reached; ``warm_row`` ends the warm-up,
    and ``initial`` is the rate that the schedule starts from."""

    rate: Floats
    warm_row: int
    initial: float


class ScheduleSignals:
    """The learning rate of one run by row, as logged and as its arguments imply it."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @cached_property
    def rate(self) -> Optional[Floats]:
        """The learning rate by row, shape (rows,); None where it is not known of every row, or never above zero."""
        groups = [*self._run.history.lr.values()]
        if not groups or not len(self._run.history):
            return None
        lowest: Floats = np.min(np.vstack(groups), axis=0)
        usable = np.isfinite(lowest).all() and (lowest >= 0).all() and (lowest > 0).any()
        return lowest if usable else None

    @cached_property
    def peak(self) -> Optional[float]:
        """The highest rate, None where no rate is known."""
        return None if self.rate is None else float(self.rate.max())

    @cached_property
    def warm_row(self) -> int:
        """The last row of warm-up: as the implied schedule fits best, else before the rate first fails to rise."""
        return self._first_peak if self.implied is None else self.implied.warm_row

    @cached_property
    def _first_peak(self) -> int:
        if self.rate is None:
            return 0
        settled = np.flatnonzero(np.diff(self.rate) <= 0)
        return int(settled[0]) if len(settled) else len(self.rate) - 1

    @cached_property
    def restarts(self) -> list[int]:
        """Rows at which the rate, having fallen, was set up again."""
        if self.rate is None:
            return []
        (before, after) = (self.rate[:-1], self.rate[1:])
        risen = np.flatnonzero((before > 0) & (after > RESTART_MIN * before)) + 1
        return [int(row) for row in risen if row > self._first_peak + 1]

    @cached_property
    def constant(self) -> bool:
        """Whether the rate stayed near its peak to the end."""
        if self.rate is None or self.peak is None:
            return False
        return bool(self.rate[self._first_peak :].min() >= CONSTANT_MIN * self.peak)

    @cached_property
    def implied(self) -> Optional[Implied]:
        """The schedule of the arguments in the reading that fits best, None where they imply none."""
        readings: list[Implied] = []
        for factor in self._factors():
            readings.append(self._scaled(factor))
            if self._misfit(readings[-1].rate).max() == 1.0:
                return readings[-1]
        return min(readings, key=lambda one: self._misfit(one.rate).max(), default=None)

    @cached_property
    def unknown_because(self) -> Optional[str]:
        """Why the arguments imply no schedule, a sentence; None where they do."""
        if self.implied is not None:
            return None
        run = self._run
        if self.rate is None:
            return "The rate is not logged for every epoch."
        if run.framework not in WITH_SCHEDULE:
            return "Which schedule this program follows is not known."
        other = [name for name in OTHER_SCHEDULES if run.arguments.get(name)]
        if other:
            return f"The arguments ask for a schedule of its own ({other[0]})."
        missing = "lrf, the final rate" if self._final_share is None else "the number of epochs"
        return f"The arguments do not state {missing}."

    @cached_property
    def initial(self) -> Optional[float]:
        """The rate that the schedule started from, None while that is not known: warm-up must be over."""
        if self.implied is None or self.warm_row + 1 >= len(self.implied.rate):
            return None
        return self.implied.initial

    @cached_property
    def misfit(self) -> Optional[Floats]:
        """How many times the logged rate is above or below the implied one, by row, 1 where they agree."""
        return None if self.implied is None else self._misfit(self.implied.rate)

    def _misfit(self, implied: Floats) -> Floats:
        (rate, tiny) = (np.asarray(self.rate), np.finfo(float).tiny)
        (low, high) = (np.minimum(rate, implied), np.maximum(rate, implied))
        return np.where(high - low <= NEGLIGIBLE * rate.max(), 1.0, high / np.maximum(low, tiny))

    def _scaled(self, factor: Floats) -> Implied:
        """A reading scaled to the rate at the end of warm-up: up to there the rate by the factor rises on a line."""
        rate = np.asarray(self.rate)
        share = rate / factor
        top = int(np.argmax(share >= (1 - ROUNDING) * share.max()))
        ramp = np.arange(1, top + 1) / (top + 1)
        straight = bool((np.abs(share[:top] / share[top] - ramp) <= RAMP_SLACK).all())
        warm = top if straight else self._first_peak
        scaled = np.where(np.arange(len(rate)) < warm, rate, factor * share[warm])
        return Implied(scaled, warm, float(share[warm]))

    def _factors(self) -> Iterator[Floats]:
        """Share of the peak by row in each reading of the arguments."""
        (final, planned) = (self._final_share, lifecycle.planned_epochs(self._run))
        if self.rate is None or final is None or planned is None:
            return
        done = self._run.history.epoch - lifecycle.first_epoch_number(self._run)
        for ahead in LOGGED_AT:
            share = np.clip((done + ahead) / planned, 0.0, 1.0)
            for cosine in self._shapes:
                left = (1 + np.cos(math.pi * share)) / 2 if cosine else 1 - share
                yield final + (1 - final) * left

    @cached_property
    def _final_share(self) -> Optional[float]:
        """The argument ``lrf``: the rate at the end by that at the beginning."""
        arguments = self._run.arguments
        if self._run.framework not in WITH_SCHEDULE:
            return None
        if any(arguments.get(name) for name in OTHER_SCHEDULES):
            return None
        final = arguments.get("lrf")
        if isinstance(final, bool) or not isinstance(final, (int, float)):
            return None
        return max(float(final), LEAST) if 0 <= final <= 1 else None

    @property
    def _shapes(self) -> tuple[bool, ...]:
        """Whether the decay is a cosine; both where no argument says so."""
        arguments = self._run.arguments
        if "cos_lr" in arguments or self._run.framework == "ultralytics":
            return (bool(arguments.get("cos_lr")),)
        if "linear_lr" in arguments:
            return (not arguments["linear_lr"],)
        return (False, True)
