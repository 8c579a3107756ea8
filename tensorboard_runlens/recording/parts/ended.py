"""That an Ultralytics training ended, and why: its last event comes while the exception that ended it is on its way."""

from __future__ import annotations

from typing import Any, Optional

from tensorboard_runlens.recording.ending import Ending
from tensorboard_runlens.recording.layout import ENDED


class Ended:
    """Releases up to 8.4.36 tell of no end after an error: there the end of the process does."""

    name = ENDED

    def __init__(self, tracking: Any) -> None:
        self._store = tracking.store
        self._ending: Optional[Ending] = None

    def start(self, trainer: Any) -> None:
        """Numbers are those of results.csv."""
        self._ending = Ending(self._store, trainer)
        self._ending.epoch = trainer.start_epoch + 1
        self._ending.begin()

    def epoch_started(self, trainer: Any) -> None:
        """The one in which it ends, unless another one starts."""
        if self._ending is not None:
            self._ending.epoch = trainer.epoch + 1

    def end(self, trainer: Any) -> None:
        """Also where nothing is wrong."""
        if self._ending is not None:
            self._ending.leave()
