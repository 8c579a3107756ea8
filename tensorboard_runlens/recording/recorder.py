"""``Recorder(run_dir)``: the recording of any training loop, a call an epoch."""

from __future__ import annotations

import os
from typing import Any, Optional, Union

from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.store import Store


class Recorder:
    """Records one training into its run folder.

    No method raises an Exception: what fails is switched off with one warning. Values may be numpy's; what is not
    finite is written as null, and absolute paths are cut.
    """

    def __init__(self, run_dir: Union[str, os.PathLike[str]]) -> None:
        self._store = Store(run_dir)
        self._guard = Guard()

    def start_over(self) -> None:
        """Forgets the epochs of an earlier training in the same folder; a resumed training keeps them."""
        self._guard.run("epochs", self._store.clear)

    def describe(self, **facts: Any) -> None:
        """Writes the manifest, in place of an earlier one: fields as in docs/recorded_data.md."""
        self._guard.run("manifest", lambda: self._store.describe(facts))

    def log_epoch(
        self,
        epoch: int,
        seconds: Optional[float] = None,
        fitness: Optional[float] = None,
        **validation: Any,
    ) -> None:
        """Appends an epoch: its number as in the result table, its wall time, what best.pt is chosen
        by, and what was validated (fields as in docs/recorded_data.md; nothing without a validation)."""
        line = {"epoch": epoch, "seconds": seconds, "fitness": fitness, **validation}
        self._guard.run("epochs", lambda: self._store.append(line))
