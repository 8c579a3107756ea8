"""One tracked training: takes the framework's events to the parts of the recording, each guarded by itself.

A part is a class of ``parts/`` with a method for each event that it wants, of these:

start(trainer)              the training is ready to begin; also where it is resumed
epoch_started(trainer)      before the first batch of an epoch
batch_started(trainer)      the data of a batch is there
batch_ended(trainer)        its step is done
trained(trainer)            the training images of an epoch are done, its validation is next
validating(validator)       a validation begins: of an epoch (``validator.training``) or of best.pt
validated(validator)        the validation of an epoch is done
epoch(trainer)              the epoch is over; returns fields of its line in epochs.jsonl
final(validator)            best.pt was validated after training; returns fields of final.json
end(trainer)                nothing more will come, also after a crash; where the framework says so

It is made with the ``Tracking`` it belongs to; ``Tracking.store`` writes files, ``options`` is what
the user asked for. What raises in one part costs that part only.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import FINAL_METRICS
from tensorboard_runlens.recording.manifest import manifest
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import PARTS
from tensorboard_runlens.recording.store import Store

Body = Callable[[Any], Any]
"""A part's method."""


class Tracking:
    """The recording of one training."""

    def __init__(self, trainer: Any, options: Options) -> None:
        self.options = options
        self.store = Store(trainer.save_dir)
        self.in_epoch = False
        self._guard = Guard()
        self._guard.run("manifest", partial(self._begin, trainer))
        made = (self._guard.run(part.name, partial(part, self)) for part in PARTS)
        self._parts = [part for part in made if part is not None]
        self._wanting: dict[str, list[tuple[str, Body]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy of a trainer, or one in another process, records nothing."""
        return (type(None), ())

    def handle(self, body: Callable[[Tracking, Any], object], source: Any) -> None:
        """Does what an event asks for."""
        self._guard.run("this training is", partial(body, self, source))

    def guarded(self, part: str, body: Callable[[], Any]) -> Any:
        """What ``body`` returns, None where it fails or has failed: for what a part does outside of its events."""
        return self._guard.run(part, body)

    def _begin(self, trainer: Any) -> None:
        """Describes the training; one that starts from scratch replaces what lies there."""
        if not trainer.start_epoch:
            self.store.clear()
        self.store.describe(manifest(trainer))

    def tell(self, event: str, source: Any) -> dict[str, Any]:
        """Has every part that wants this event do its work; the fields that they return, together."""
        fields: dict[str, Any] = {}
        for part, body in self._bodies(event):
            fields.update(self._guard.run(part, partial(body, source)) or {})
        return fields

    def _bodies(self, event: str) -> list[tuple[str, Body]]:
        """(part, method) of those that want an event; looked for once, since batches are many."""
        if event not in self._wanting:
            bodies = ((part.name, getattr(part, event, None)) for part in self._parts)
            self._wanting[event] = [(part, body) for (part, body) in bodies if body is not None]
        return self._wanting[event]

    def log(self, trainer: Any) -> None:
        """Writes the epoch, numbered as in results.csv."""
        line = {
            "epoch": trainer.epoch + 1,
            "seconds": getattr(trainer, "epoch_time", None),
            **self.tell("epoch", trainer),
        }
        self._guard.run("epochs", partial(self.store.append, line))

    def log_final(self, validator: Any) -> None:
        """Writes what best.pt measured after training, which belongs to no epoch."""
        fields = self.tell("final", validator)
        self._guard.run("final validation", partial(self.store.write_json, FINAL_METRICS, fields))
