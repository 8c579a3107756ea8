"""Keys of the images that a training loads, as ``runlens data`` makes them of a data set on disk (dataset/keys.py)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.keys import image_key
from tensorboard_runlens.dataset.listing import MAX_IMAGES, MAX_LABEL_BYTES, label_path
from tensorboard_runlens.folder import FileRefused

BURST = 64
"""Images after which the reader rests as long as it has worked, so that it takes half of a core at most."""

Keys = npt.NDArray[np.uint64]
Source = tuple[str, Optional[bytes]]
"""An image's path, and its labels where they are known without a file."""


def split_keys(images: Sequence[Source]) -> dict[str, Keys]:
    """``key``, ``content`` and ``picture`` of the images, uint64 (n,) each, sorted by key; content is 0
    where an image has no labels. Images that are gone are left out. Raises ValueError for too many."""
    if len(images) > MAX_IMAGES:
        raise ValueError(f"more than {MAX_IMAGES:,} images")
    rows = sorted(_rows(images))
    columns = np.array(rows, np.uint64).reshape(-1, 3).T
    return dict(zip(("key", "content", "picture"), columns))


def _rows(images: Iterable[Source]) -> Iterable[tuple[int, ...]]:
    started = time.perf_counter()
    for number, (path, labels) in enumerate(images, 1):
        row = _row(path, labels)
        if row is not None:
            yield row
        if number % BURST == 0:
            time.sleep(time.perf_counter() - started)
            started = time.perf_counter()


def _row(path: str, labels: Optional[bytes]) -> Optional[tuple[int, ...]]:
    try:
        size = files.size_of(path)
    except (FileNotFoundError, FileRefused):
        return None
    found = image_key(files.file_name(path), size, _labels(path) if labels is None else labels)
    return tuple(int(digits or "0", 16) for digits in found)


def _labels(image: str) -> bytes:
    try:
        return files.read(label_path(image), MAX_LABEL_BYTES)
    except (FileNotFoundError, FileRefused):
        return b""
