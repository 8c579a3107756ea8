"""Which images a training loads, split by split: read in a thread of its own, since a network disk takes its time."""

from __future__ import annotations

import os
import threading
from typing import Any, Optional

from tensorboard_runlens.recording.layout import IMAGES
from tensorboard_runlens.recording.split_keys import Source, split_keys

LAST_WAIT = 2.0
"""Seconds that the end of a training waits for the thread: one that is so short has few images."""

LOADERS = {"train": "train_loader", "val": "test_loader"}


class DataSet:
    """Keys of all images, by which the data sets of two runs, or two splits, can be told to be the same."""

    name = "images of the data set"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._thread: Optional[threading.Thread] = None

    def start(self, trainer: Any) -> None:
        """Notes the paths and has them read."""
        splits = {split: sources(trainer, loader) for (split, loader) in LOADERS.items()}
        if not any(splits.values()):
            return
        self._thread = threading.Thread(
            target=self._tracking.guarded,
            args=(self.name, lambda: self._write(splits)),
            name="runlens-images",
            daemon=True,
        )
        self._thread.start()

    def _write(self, splits: dict[str, list[Source]]) -> None:
        arrays = {
            f"{split}_{name}": keys
            for (split, images) in splits.items()
            for (name, keys) in split_keys(images).items()
        }
        self._tracking.store.write_archive(IMAGES, arrays)

    def end(self, trainer: Any) -> None:
        """Gives a short training's images the time they need."""
        if self._thread is not None:
            self._thread.join(LAST_WAIT)


def sources(trainer: Any, loader: str) -> list[Source]:
    """The images that a loader of the trainer reads; of classification the folder is the label."""
    dataset: Any = getattr(getattr(trainer, loader, None), "dataset", None)
    if hasattr(dataset, "im_files"):
        return [(str(path), None) for path in dataset.im_files]
    return [(str(sample[0]), _folder(sample[0])) for sample in getattr(dataset, "samples", ())]


def _folder(path: Any) -> bytes:
    return os.path.basename(os.path.dirname(str(path))).encode(errors="replace")
