"""``track(model)``: the callbacks that record an Ultralytics training.

They are functions of this module, so that a training on several GPUs can pickle them, and they keep
what they know of a training on its trainer. Order of events in an epoch: the training images are
done, the validation ends (left out where the framework does not validate), the epoch is logged.
After the last one Ultralytics validates best.pt and logs once more: that belongs to no epoch.
"""

from __future__ import annotations

import os
from typing import Any, TypeVar

from tensorboard_runlens.recording.guard import Guard, warn
from tensorboard_runlens.recording.manifest import manifest
from tensorboard_runlens.recording.measured import measured
from tensorboard_runlens.recording.recorder import Recorder

Model = TypeVar("Model")

ATTRIBUTE = "_runlens"
"""Where trainer and validator keep the Tracking of their training."""

RECORDING_RANKS = ("-1", "0")
"""As Ultralytics reads RANK: without several processes, and the first of them."""


class Tracking:
    """One tracked training, between the callbacks of its trainer and those of its validator."""

    def __init__(self, trainer: Any) -> None:
        self.guard = Guard()
        self.recorder = Recorder(trainer.save_dir)
        self.in_epoch = False
        self.validation: dict[str, Any] = {}
        self.precision: Any = None

    def start(self, trainer: Any) -> None:
        """Describes the training; one that starts from scratch replaces what lies there."""
        if not trainer.start_epoch:
            self.recorder.start_over()
        self.recorder.describe(**manifest(trainer))

    def validated(self, validator: Any) -> None:
        """Keeps what was measured; up to 8.3.78 an epoch without a hit still shows the numbers of the last one."""
        precision = getattr(getattr(validator.metrics, "box", None), "p", None)
        if precision is not None and precision is self.precision:
            return
        self.precision = precision
        self.validation = measured(validator)

    def log(self, trainer: Any) -> None:
        """Writes the epoch, numbered as in results.csv."""
        fitness = getattr(trainer, "fitness", None) if self.validation else None
        self.recorder.log_epoch(
            trainer.epoch + 1,
            seconds=getattr(trainer, "epoch_time", None),
            fitness=None if fitness is None else float(fitness),
            **self.validation,
        )


def track(model: Model) -> Model:
    """Records the trainings of an Ultralytics model into RUN/runlens/; returns the model.

    Call it before ``model.train()``; a second call changes nothing. Never raises: a model that takes no callbacks is
    trained unrecorded, with a warning.
    """
    try:
        for event, callback in CALLBACKS.items():
            if callback not in model.callbacks.get(event, ()):  # type: ignore[attr-defined]
                model.add_callback(event, callback)  # type: ignore[attr-defined]
    except Exception:
        warn(f"{type(model).__name__} takes no Ultralytics callbacks, nothing is recorded")
    return model


def on_train_start(trainer: Any) -> None:
    """Begins the recording, in the process that writes results.csv."""
    if os.environ.get("RANK", "-1") in RECORDING_RANKS:
        Guard().run("this training is", lambda: _begin(trainer))


def _begin(trainer: Any) -> None:
    tracking = Tracking(trainer)
    setattr(trainer.validator, ATTRIBUTE, tracking)
    setattr(trainer, ATTRIBUTE, tracking)
    tracking.guard.run("manifest", lambda: tracking.start(trainer))


def on_train_epoch_end(trainer: Any) -> None:
    """Opens the epoch; one that is repeated after NaN losses begins anew."""
    tracking = getattr(trainer, ATTRIBUTE, None)
    if tracking is not None:
        tracking.in_epoch = True
        tracking.validation = {}


def on_val_end(validator: Any) -> None:
    """Takes the numbers of the classes from a validation within an epoch."""
    tracking = getattr(validator, ATTRIBUTE, None)
    if tracking is not None and tracking.in_epoch:
        tracking.guard.run("metrics by class", lambda: tracking.validated(validator))


def on_fit_epoch_end(trainer: Any) -> None:
    """Closes the epoch and writes it."""
    tracking = getattr(trainer, ATTRIBUTE, None)
    if tracking is not None and tracking.in_epoch:
        tracking.in_epoch = False
        tracking.guard.run("epochs", lambda: tracking.log(trainer))


CALLBACKS = {
    "on_train_start": on_train_start,
    "on_train_epoch_end": on_train_epoch_end,
    "on_val_end": on_val_end,
    "on_fit_epoch_end": on_fit_epoch_end,
}
