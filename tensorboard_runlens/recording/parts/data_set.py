"""Which images a training loads, split by split: read in a thread of its own, since a network disk takes its time."""

from __future__ import annotations

import os
import threading
from functools import partial
from typing import Any, Optional

from tensorboard_runlens.dataset.keys import fingerprint
from tensorboard_runlens.dataset.same_files import same_files
from tensorboard_runlens.recording.evidence.split_keys import Keys, Labels, present, split_keys
from tensorboard_runlens.recording.layout import IMAGES, SPLITS
from tensorboard_runlens.recording.loaders import LOADERS, dataset_of

LAST_WAIT = 2.0
"""Seconds that the end of a training waits for the thread: one that is so short has few images."""

MAX_COMPARED_BYTES = 2**28
"""Bytes of files of equal size that are read to see whether a validation image was trained on: a second of one core."""


class DataSet:
    """Keys of all images, by which the data sets of two runs, or two splits, can be told to be the same."""

    name = "images of the data set"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._thread: Optional[threading.Thread] = None

    def start(self, trainer: Any) -> None:
        """Notes the paths and has them read."""
        paths = {split: sources(dataset_of(trainer, split)) for split in LOADERS}
        if not any(paths.values()):
            return
        self._thread = threading.Thread(
            target=self._tracking.guarded,
            args=(self.name, partial(self._write, paths)),
            name="runlens-images",
            daemon=True,
        )
        self._thread.start()

    def _write(self, paths: dict[str, list[tuple[str, Labels]]]) -> None:
        splits = {split: present(images) for (split, images) in paths.items()}
        keys = {split: split_keys(images) for (split, images) in splits.items()}
        (train, val) = ([image for (image, _) in splits[split]] for split in LOADERS)
        (same, skipped) = same_files(train, val, MAX_COMPARED_BYTES)
        told = {
            split: {"images": len(keys[split]["key"]), "fingerprint": of_keys(keys[split]["key"])}
            for split in LOADERS
        }
        arrays = {
            f"{split}_{name}": numbers
            for (split, found) in keys.items()
            for (name, numbers) in found.items()
        }
        self._tracking.store.write_archive(IMAGES, arrays)
        self._tracking.store.write_json(
            SPLITS, {**told, "shared": len(same), "not_compared": skipped}
        )
        self._tracking.tell("images_recorded", self)

    def end(self, trainer: Any) -> None:
        """Gives a short training's images the time they need."""
        if self._thread is not None:
            self._thread.join(LAST_WAIT)


def of_keys(keys: Keys) -> Optional[str]:
    """The fingerprint of a split."""
    return fingerprint(f"{key:016x}" for key in keys.tolist())


def sources(dataset: Any) -> list[tuple[str, Labels]]:
    """The images of one of Ultralytics' data sets, none where there is no data set; of classification the folder is
    the label."""
    if hasattr(dataset, "im_files"):
        return [(str(path), None) for path in dataset.im_files]
    return [(str(sample[0]), _folder(sample[0])) for sample in getattr(dataset, "samples", ())]


def _folder(path: Any) -> bytes:
    return os.path.basename(os.path.dirname(str(path))).encode(errors="replace")
