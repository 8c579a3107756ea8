"""What the rules may ask of the machine that trained: waiting for data, speed, memory, gradient norms.

All of it comes from the callback's recording, so every quantity may be missing (None, or NaN in a
row). Rows are indices into the run's History; an epoch recorded ahead of the result table is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, Integers, Run
from tensorboard_runlens.words import SECONDS_AN_HOUR

SETTLED_MIN = 2
"""Epochs after the first that a median needs: one alone may be the one that filled a cache."""

IN_PROCESS = ("cpu", "mps")
"""Devices on which Ultralytics sets workers to 0: the training process loads the images itself."""

HIGHLY_INPUT_BOUND = 0.2
"""Share of waiting from which TensorFlow's profiler calls a training highly input-bound."""


class MachineSignals:
    """The quantities of one run's machine; ``epochs_in_all`` is how many the training will have had at its end."""

    def __init__(self, run: Run, close_mosaic_row: Optional[int], epochs_in_all: int) -> None:
        self._run = run
        self._close_mosaic_row = close_mosaic_row
        self._epochs_in_all = epochs_in_all

    @cached_property
    def values(self) -> Mapping[str, Floats]:
        """Every quantity of run.Machine by name, shape (rows,), NaN where missing."""
        machine = self._run.recorded.machine if self._run.recorded else None
        epoch = self._run.history.epoch
        if machine is None or not len(epoch):
            return {}
        row = np.minimum(np.searchsorted(epoch, machine.epoch), len(epoch) - 1)
        known = epoch[row] == machine.epoch
        aligned = {name: np.full(len(epoch), np.nan) for name in machine.values}
        for name, values in machine.values.items():
            aligned[name][row[known]] = values[known]
        return aligned

    def value(self, name: str) -> Floats:
        """A quantity by row, all NaN where it was not recorded."""
        found = self.values.get(name)
        return np.full(len(self._run.history), np.nan) if found is None else found

    def typical(self, name: str) -> Optional[float]:
        """The median of a quantity over the settled epochs, None where fewer than SETTLED_MIN have it."""
        return self._median(self.values[name]) if name in self.values else None

    def highest(self, name: str) -> Optional[float]:
        """The largest value of a quantity in any epoch."""
        known = self.known(name)
        return float(known.max()) if len(known) else None

    def known(self, name: str) -> Floats:
        """The values of a quantity, in order, without those that are missing."""
        values = self.values.get(name, np.empty(0))
        return values[np.isfinite(values)]

    def _median(self, values: Floats) -> Optional[float]:
        known = values[self.settled & np.isfinite(values)]
        return float(np.median(known)) if len(known) >= SETTLED_MIN else None

    def settled_rows(self, name: str) -> Integers:
        """Settled rows that have a quantity."""
        if name not in self.values:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.settled & np.isfinite(self.values[name]))

    @cached_property
    def in_process(self) -> bool:
        """Whether the device is one on which Ultralytics loads images in the training process."""
        return self._run.recorded is not None and self._run.recorded.device in IN_PROCESS

    @cached_property
    def mixed(self) -> bool:
        """Whether mixed precision was at work, whose numbers end at 65,504: recorded, or asked for on a GPU."""
        if (self.known("amp_scale") > 0).any():
            return True
        stated = str(self._run.arguments.get("device")).lower() in IN_PROCESS
        return self._run.arguments.get("amp") is True and not (stated or self.in_process)

    @cached_property
    def recorded(self) -> npt.NDArray[np.bool_]:
        """Rows of which anything was recorded."""
        known = np.zeros(len(self._run.history), np.bool_)
        for values in self.values.values():
            known |= np.isfinite(values)
        return known

    @cached_property
    def settled(self) -> npt.NDArray[np.bool_]:
        """Recorded rows without the first of each process, which starts loaders, fills caches and tries out kernels."""
        settled = self.recorded & ~np.isin(self._run.history.epoch, self._run.logged.resumed)
        settled[: self.span[0] + 1 if self.span else 0] = False
        return settled

    @cached_property
    def span(self) -> Optional[tuple[int, int]]:
        """First and last recorded row."""
        rows = np.flatnonzero(self.recorded)
        return (int(rows[0]), int(rows[-1])) if len(rows) else None

    @cached_property
    def training_seconds(self) -> Floats:
        """Waiting and computing of the training images, by row."""
        return self.value("data_seconds") + self.value("compute_seconds")

    @cached_property
    def wait_share(self) -> Floats:
        """Share of the training time in which the next batch was waited for, by row, 0..1."""
        seconds = np.where(self.training_seconds > 0, self.training_seconds, np.nan)
        return np.asarray(self.value("data_seconds") / seconds, np.float64)

    @cached_property
    def waiting(self) -> Optional[float]:
        """Its median over the settled epochs."""
        return self._median(self.wait_share) if "data_seconds" in self.values else None

    @cached_property
    def images_per_second(self) -> Floats:
        """Training images by training time, by row."""
        seconds = np.where(self.training_seconds > 0, self.training_seconds, np.nan)
        counted = self.value("images") / seconds
        logged = self.value("images_per_second")
        return np.where(np.isfinite(logged), logged, counted)

    def hours(self, seconds_an_epoch: float) -> float:
        """What a cost an epoch comes to in the whole training."""
        return seconds_an_epoch * self._epochs_in_all / SECONDS_AN_HOUR

    @cached_property
    def steady_rows(self) -> Integers:
        """The longest stretch of settled rows with a speed in which nothing changed by plan: one process, with or
        without mosaic."""
        if not self.values:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(self.settled & np.isfinite(self.images_per_second))
        starts = np.searchsorted(self._run.history.epoch, self._run.logged.resumed)
        breaks = [*starts, *([self._close_mosaic_row] if self._close_mosaic_row else [])]
        stretches = np.split(rows, np.searchsorted(rows, np.sort(np.asarray(breaks, np.int64))))
        return max(stretches, key=len)

    @cached_property
    def memory_share(self) -> Optional[float]:
        """The most memory that tensors took, as share of the accelerator's, 0..1."""
        (peak, total) = (self.highest("memory_peak"), self.highest("memory_total"))
        return peak / total if peak is not None and total else None

    @cached_property
    def memory_taken(self) -> Optional[float]:
        """The same with what the allocator holds in reserve and other programs take."""
        total = self.highest("memory_total")
        names = ("memory_peak", "memory_reserved", "gpu_memory_used")
        taken = [most for most in map(self.highest, names) if most is not None]
        return max(taken) / total if taken and total else None

    @cached_property
    def series(self) -> Mapping[str, Floats]:
        """``values``, with ``wait_share`` and ``other_seconds`` (validation and saving) where they are known."""
        if not self.values:
            return {}
        other = self.value("seconds") - self.training_seconds
        derived = {"wait_share": self.wait_share, "other_seconds": np.maximum(other, 0.0)}
        known = {name: values for (name, values) in derived.items() if np.isfinite(values).any()}
        return {**self.values, **known}
