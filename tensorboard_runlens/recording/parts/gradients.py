"""Gradients before clipping and the size of updates, on request: ``track(model, gradients=True)``."""

from __future__ import annotations

from typing import Any, Optional

from tensorboard_runlens.recording.machine.gradients import (
    Numbers,
    Updates,
    described,
    gradient_norm,
)
from tensorboard_runlens.recording.parts.machine import scaler_of
from tensorboard_runlens.recording.watched import Watch

EVERY = 10
"""Steps from one whose update is measured to the next: that takes several times as long as a norm."""

FIRST = 1
"""Step of an epoch, counted from 0, whose update is measured first: warm-up begins with a step of length 0."""


class Gradients:
    """The field ``gradients`` of every epoch."""

    name = "gradients"

    def __init__(self, tracking: Any) -> None:
        self._wanted = tracking.options.gradients
        self._guarded = tracking.guarded
        self._watch = Watch()
        self._measured: Optional[Measured] = None

    def start(self, trainer: Any) -> None:
        """Stands before the framework's step, which clips the gradients and forgets them."""
        if self._wanted:
            self._watch.begin(trainer, "optimizer_step", self._before, self._after)

    def epoch_started(self, trainer: Any) -> None:
        """Begins anew, also where the framework repeats an epoch, perhaps with another optimizer."""
        self._measured = Measured(trainer) if self._wanted else None

    def epoch(self, trainer: Any) -> dict[str, Any]:
        """Fetches what lies on the device."""
        return {} if self._measured is None else {"gradients": self._measured.told()}

    def end(self, trainer: Any) -> None:
        """Leaves the trainer alone again."""
        self._watch.end()

    def _before(self) -> None:
        if self._measured is not None:
            self._guarded(self.name, self._measured.before_step)

    def _after(self, *_: Any) -> None:
        if self._measured is not None:
            self._guarded(self.name, self._measured.after_step)


class Measured:
    """The steps of one epoch."""

    def __init__(self, trainer: Any) -> None:
        self._optimizer = trainer.optimizer
        self._scaler = scaler_of(trainer)
        self._norms = Numbers()
        self._updates = Updates(trainer.optimizer)
        self._steps = 0

    def before_step(self) -> None:
        """The gradients are complete, neither unscaled nor clipped."""
        norm = gradient_norm(self._optimizer, self._scaler)
        if norm is not None:
            self._norms.add(norm)
        if self._steps % EVERY == FIRST:
            self._updates.before()
        self._steps += 1

    def after_step(self) -> None:
        self._updates.after()

    def told(self) -> dict[str, Any]:
        return described(self._norms.take(), self._updates.take())
