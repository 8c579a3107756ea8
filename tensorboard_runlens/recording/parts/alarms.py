"""What is wrong with a training that has just begun, said in its log: before its first epoch and after the next."""

from __future__ import annotations

from typing import Any, Optional

from tensorboard_runlens.recording.lookout import Lookout

FIRST_EPOCHS = 3
"""After each of them there is a look: later ones are the tab's, ``runlens watch``'s and the user's."""


class Alarms:
    """Has the run looked at from outside whenever there is more to see."""

    name = "alarms"

    def __init__(self, tracking: Any) -> None:
        self._guarded = tracking.guarded
        self._lookout: Optional[Lookout] = None
        self._epochs = 0

    def start(self, trainer: Any) -> None:
        """The manifest is written."""
        self._lookout = Lookout(str(trainer.save_dir), self._guarded)
        self._lookout.look()

    def images_recorded(self, source: Any) -> None:
        """So is what the splits have in common."""
        if self._lookout is not None:
            self._lookout.look()

    def logged(self, line: dict[str, Any]) -> None:
        """An epoch more."""
        self._epochs += 1
        if self._lookout is not None and self._epochs <= FIRST_EPOCHS:
            self._lookout.look()

    def end(self, trainer: Any) -> None:
        """Nobody needs an alarm any more."""
        if self._lookout is not None:
            self._lookout.end()
