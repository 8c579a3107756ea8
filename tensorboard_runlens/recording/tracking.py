"""One tracked training: takes the framework's events to the parts of the recording, each guarded by itself.

A part is a class of ``parts/`` with a method for each event that it wants, of these:

start(trainer)              the training is ready to begin; also where it is resumed
images_recorded(part)       parts/data_set.py has written which images there are; in a thread of its own
epoch_started(trainer)      before the first batch of an epoch
batch_started(trainer)      the data of a batch is there
batch_ended(trainer)        its step is done
trained(trainer)            the training images of an epoch are done, its validation is next
validating(validator)       a validation begins: of an epoch (``validator.training``) or of best.pt
validated(validator)        the validation of an epoch is done
epoch(trainer)              the epoch is over; returns fields of its line in epochs.jsonl
best(trainer)               it is the best one so far; returns arrays of curves_best.npz
logged(line)                the epoch was written: all fields of its line
final(validator)            best.pt was validated after training; returns fields of final.json
final_arrays(validator)     the same; returns arrays of final.npz
matched(image)              parts/matches.py has compared the detections of a validated image with its objects
end(trainer)                nothing more will come, also after a crash; where the framework says so

It is made with the ``Tracking`` it belongs to; ``Tracking.store`` writes files, ``options`` is what
the user asked for, ``guarded`` runs what a part does outside of these events, ``miss`` says what cannot be
recorded here, ``tell`` tells the parts of an event. What raises in one part costs that part only.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from tensorboard_runlens.recording.best import is_best
from tensorboard_runlens.recording.guard import Guard, warn
from tensorboard_runlens.recording.layout import (
    BEST,
    EVALUATIONS,
    FILES,
    FINAL,
    FINAL_METRICS,
    OF_THE_END,
)
from tensorboard_runlens.recording.manifest import manifest
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import PARTS
from tensorboard_runlens.recording.store import Store

Body = Callable[[Any], Any]
"""A part's method."""


class Straight:
    """A callback that is one part's method and its guard, and nothing else: batches are many."""

    def __init__(self, guard: Guard, part: str, body: Body) -> None:
        self._guard = guard
        self._part = part
        self._body = body

    def __call__(self, trainer: Any) -> None:
        try:
            self._body(trainer)
        except Exception as error:
            self._guard.failed(self._part, error)


class Tracking:
    """The recording of one training."""

    def __init__(self, trainer: Any, options: Options) -> None:
        self.options = options
        self.store = Store(trainer.save_dir)
        self.in_epoch = False
        self._over = False
        self._guard = Guard()
        self.guarded = self._guard.run
        """For what a part does outside of its events. A thread that holds it does not hold the training."""
        self._manifest: dict[str, Any] = {}
        self._guard.run("manifest", self._begin, trainer)
        made = (self._guard.run(part.name, part, self) for part in PARTS)
        self._parts = [part for part in made if part is not None]
        self._wanting: dict[str, list[tuple[str, Body]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy of a trainer, or one in another process, records nothing."""
        return (type(None), ())

    def handle(self, body: Callable[[Tracking, Any], object], source: Any) -> None:
        """Does what an event asks for."""
        self._guard.run("this training is", body, self, source)

    def miss(self, what: str) -> None:
        """Says what this release or machine cannot give, in the log and in the manifest."""
        warn(f"not recorded: {what}")
        self._manifest.setdefault("missing", []).append(what)
        self._guard.run("manifest", self.store.describe, self._manifest)

    def _begin(self, trainer: Any) -> None:
        """Describes the training; one that starts from scratch replaces what lies there, a resumed
        one what it will measure anew."""
        self.store.clear(OF_THE_END if trainer.start_epoch else FILES)
        self.store.clear(EVALUATIONS)
        self._manifest = manifest(trainer, self.options)
        self.store.describe(self._manifest)
        if self._manifest["missing"]:
            warn(f"not recorded: {'; '.join(self._manifest['missing'])}")

    def tell(self, event: str, source: Any) -> dict[str, Any]:
        """Has every part that wants this event do its work; the fields that they return, together."""
        fields: dict[str, Any] = {}
        for part, body in self._bodies(event):
            fields.update(self._guard.run(part, body, source) or {})
        return fields

    def straight(self, event: str) -> list[Straight]:
        """What ``tell`` does at an event whose parts return nothing, without its detours."""
        return [Straight(self._guard, part, body) for (part, body) in self._bodies(event)]

    def _bodies(self, event: str) -> list[tuple[str, Body]]:
        """(part, method) of those that want an event; looked for once."""
        if event not in self._wanting:
            # A part that is off still ends: it may have a thread, or stand around a method.
            place = "the end of {}" if event == "end" else "{}"
            bodies = ((place.format(part.name), getattr(part, event, None)) for part in self._parts)
            self._wanting[event] = [(part, body) for (part, body) in bodies if body is not None]
        return self._wanting[event]

    def log(self, trainer: Any) -> None:
        """Writes the epoch, numbered as in results.csv."""
        line = {
            "epoch": trainer.epoch + 1,
            "seconds": getattr(trainer, "epoch_time", None),
            **self.tell("epoch", trainer),
        }
        self._guard.run("epochs", self._write, line)
        if line.get("fitness") is not None and is_best(trainer):
            self._write_archive(BEST, self.tell("best", trainer), epoch=np.int64(line["epoch"]))

    def _write(self, line: dict[str, Any]) -> None:
        self.store.append(line)
        self.tell("logged", line)

    def open_epoch(self, trainer: Any) -> None:
        """The training images of an epoch are done. If there was a final validation, a user's callback made it."""
        if self._over:
            self._over = False
            self._guard.run("final validation", self.store.clear, OF_THE_END)
        self.in_epoch = True
        self.tell("trained", trainer)

    def log_final(self, validator: Any) -> None:
        """Writes what best.pt measured after training, which belongs to no epoch."""
        self._over = True
        speed = {"speed_ms": getattr(validator, "speed", None)}
        fields = {"weights": "best", **self.tell("final", validator), **speed}
        self._guard.run("final validation", self.store.write_json, FINAL_METRICS, fields)
        self._write_archive(FINAL, self.tell("final_arrays", validator))

    def _write_archive(self, name: str, arrays: dict[str, Any], **more: Any) -> None:
        """Nothing where a task has nothing to put into it. Windows lets nobody replace it while it is being read."""
        if arrays:
            self._guard.attempt(name, self.store.write_archive, name, {**more, **arrays})
