"""What a process of rank 1 and up does: it hands over its share of the validation of best.pt, and records nothing.

Ultralytics brings together what its metrics need, not where the detections lie. So each process
writes that to a file of the recording before the framework brings its own together, which no process
leaves before all have entered: when the first process asks, the files are whole. Nothing waits for
anybody here, and where a file is missing (another machine, a full disk), the first process knows.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Optional

import numpy as np

from tensorboard_runlens.recording.evidence.matching import Matched
from tensorboard_runlens.recording.evidence.packed import packed
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import FOLDER, SHARE
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts.matches import Matches
from tensorboard_runlens.recording.store import Store
from tensorboard_runlens.recording.watched import Watched

PART = "the share of another process"


class Share:
    """Stands at the validator where the first process has its Tracking."""

    options = Options()
    """Of epochs nothing is handed over."""

    def __init__(self, trainer: Any, rank: int) -> None:
        self._rank = rank
        self._folder = os.path.join(trainer.save_dir, FOLDER)
        self._store = Store(trainer.save_dir)
        self._guard = Guard()
        self._matches = Matches(self)
        self._images: list[Matched] = []
        self._watched: Optional[Watched] = None

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy of a validator hands over nothing."""
        return (type(None), ())

    def handle(self, body: Callable[[Any, Any], object], source: Any) -> None:
        """Does what an event asks for."""
        self._guard.run(PART, partial(body, self, source))

    def guarded(self, part: str, body: Callable[[], Any]) -> Any:
        """What ``body`` returns, None where it fails or has failed."""
        return self._guard.run(part, body)

    def tell(self, event: str, source: Any) -> None:
        """Takes what it is told about images; of other events only a validation matters."""
        if event == "matched":
            self._images.append(
                replace(source, image=replace(source.image, overlap=np.zeros((0, 0))))
            )
        elif event == "validating":
            self._validating(source)

    def _validating(self, validator: Any) -> None:
        self._matches.validating(validator)
        if self._watched is None and not validator.training:
            hand_over = partial(self._guard.run, PART, self._hand_over)
            self._watched = Watched(validator, "gather_stats", before=hand_over)

    def _hand_over(self) -> None:
        """Then the methods of the validator are the framework's own again."""
        try:
            self._write()
        finally:
            self._images = []
            self._matches.end(None)
            if self._watched is not None:
                self._watched.stop()

    def _write(self) -> None:
        """Only beside a recording: the first process may write elsewhere, or nowhere."""
        if os.path.isdir(self._folder):
            self._store.write_archive(SHARE.format(self._rank), packed(self._images))
