"""Takes in what other processes validated of best.pt (share.py)."""

from __future__ import annotations

import glob
import os
from typing import Any

import numpy as np

from tensorboard_runlens.recording.environment import processes
from tensorboard_runlens.recording.evidence.packed import unpacked
from tensorboard_runlens.recording.layout import FOLDER, SHARE


class Shares:
    """Tells ``matched`` for every image of the other processes, before the parts that want to know are asked."""

    name = "shares of other processes"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._folder = ""
        self._processes = 1

    def start(self, trainer: Any) -> None:
        """Removes what a training that was killed at its end has left: no process is that far yet."""
        self._folder = os.path.join(trainer.save_dir, FOLDER)
        self._processes = processes(trainer)
        for path in glob.glob(os.path.join(glob.escape(self._folder), SHARE.format("*"))):
            os.remove(path)

    def final(self, validator: Any) -> None:
        """Where a file is missing the images are too few, and the parts see that."""
        for rank in range(1, self._processes):
            path = os.path.join(self._folder, SHARE.format(rank))
            if os.path.exists(path):
                self._take(path)

    def _take(self, path: str) -> None:
        with np.load(path, allow_pickle=False) as archive:
            arrays = dict(archive)
        os.remove(path)
        for image in unpacked(arrays):
            self._tracking.tell("matched", image)
