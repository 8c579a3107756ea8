"""``track(model)``: the callbacks that record an Ultralytics training.

They are objects of this module, so that a training on several GPUs can pickle them, and they keep
what they know of a training on its trainer. Order of events in an epoch: the training images are
done, the validation ends (left out where the framework does not validate), the epoch is logged.
After the last one Ultralytics validates best.pt and logs once more: that belongs to no epoch.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import Any, Callable, Optional, TypeVar

from tensorboard_runlens.recording.environment import rank
from tensorboard_runlens.recording.guard import Guard, warn
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.releases import OLDEST, hand_to_validator, running, too_old
from tensorboard_runlens.recording.share import Share
from tensorboard_runlens.recording.tracking import Straight, Tracking

Model = TypeVar("Model")

ATTRIBUTE = "_runlens"
"""Where trainer and validator keep the Tracking of their training."""


@dataclass(frozen=True)
class Callback:
    """What is called at one event, and with what options the training is recorded."""

    event: str
    options: Options

    def __call__(self, source: Any) -> None:
        """``source`` is the trainer, of events of a validation the validator."""
        if self.event == BEGIN:
            Guard().run("this training is", partial(_begin, source, self.options))
            return
        tracking = getattr(source, ATTRIBUTE, None)
        if tracking is not None:
            tracking.handle(EVENTS[self.event], source)


def track(
    model: Model,
    *,
    gradients: bool = False,
    confusion: bool = False,
    stop: Optional[str] = None,
    min_epochs: int = 0,
    hours: Optional[float] = None,
) -> Model:
    """Records the trainings of an Ultralytics model into RUN/runlens/; returns the model.

    Call it before ``model.train()``; a second call changes the options only. Also takes a trainer.
    ``gradients`` records gradient norms and update-to-weight ratios, ``confusion`` confusion
    matrices of every epoch; both cost time. ``stop="past_best"`` ends the training through the framework's own early
    stopping once it is past its best, not before ``min_epochs`` epochs. ``hours`` is what it may take: RunLens
    says early where that will not do. Never raises: a model that takes no callbacks is trained unrecorded, with a
    warning.
    """
    try:
        options = Options(gradients, confusion, stop, min_epochs, hours)
        for event in (BEGIN, *EVENTS):
            registered = model.callbacks.setdefault(event, [])  # type: ignore[attr-defined]
            registered[:] = [one for one in registered if not isinstance(one, Callback)]
            registered.append(Callback(event, options))
    except Exception:
        warn(f"{type(model).__name__} takes no Ultralytics callbacks, nothing is recorded")
    return model


def _begin(trainer: Any, options: Options) -> None:
    """Begins the recording in the process that writes results.csv, where there are several the first."""
    number = rank()
    if number > 0:
        if trainer.validator is not None:  # in older releases only the first process has one
            setattr(trainer.validator, ATTRIBUTE, Share(trainer, number))
        return
    if too_old(running()):
        warn(f"nothing is recorded: this needs Ultralytics {OLDEST} or later")
        return
    hand_to_validator(trainer, Callback)
    tracking = Tracking(trainer, options)
    setattr(trainer.validator, ATTRIBUTE, tracking)
    setattr(trainer, ATTRIBUTE, tracking)
    tracking.tell("start", trainer)
    for event, told in BATCHES.items():
        trainer.callbacks.setdefault(event, []).extend(tracking.straight(told))


def _validated(tracking: Tracking, validator: Any) -> None:
    if tracking.in_epoch:
        tracking.tell("validated", validator)
    else:
        tracking.log_final(validator)


def _log(tracking: Tracking, trainer: Any) -> None:
    """Closes the epoch and writes it."""
    if tracking.in_epoch:
        tracking.in_epoch = False
        tracking.log(trainer)


def _end(tracking: Tracking, trainer: Any) -> None:
    """Lets go of the training: its objects may be copied, pickled or trained again by the user."""
    tracking.tell("end", trainer)
    for event in BATCHES:  # in older releases the model has the same lists
        registered = trainer.callbacks.get(event, [])
        registered[:] = [one for one in registered if not isinstance(one, Straight)]
    for holder in (trainer, trainer.validator):
        with contextlib.suppress(AttributeError):
            delattr(holder, ATTRIBUTE)


def _telling(event: str) -> Callable[[Tracking, Any], object]:
    return lambda tracking, source: tracking.tell(event, source)


BEGIN = "on_train_start"
"""The event that makes a Tracking."""

BATCHES = {"on_train_batch_start": "batch_started", "on_train_batch_end": "batch_ended"}
"""Events that parts are told without a detour, from the start of the training on."""

EVENTS: dict[str, Callable[[Tracking, Any], object]] = {
    "on_train_epoch_start": _telling("epoch_started"),
    "on_train_epoch_end": Tracking.open_epoch,
    "on_val_start": _telling("validating"),
    "on_val_end": _validated,
    "on_fit_epoch_end": _log,
    "teardown": _end,
}
"""The framework's events, and what each does with the Tracking of its training."""
