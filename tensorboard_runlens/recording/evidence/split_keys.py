"""Keys of the images that a training loads, as ``runlens data`` makes them of a data set on disk (dataset/keys.py)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.keys import image_key
from tensorboard_runlens.dataset.listing import MAX_IMAGES, MAX_LABEL_BYTES, ImageFile, label_path
from tensorboard_runlens.folder import FileRefused

BURST = 64
"""Images after which the reader rests as long as it has worked, so that it takes half of a core at most."""

Keys = npt.NDArray[np.uint64]
Labels = Optional[bytes]
"""Of an image; None where they have to be looked for beside it."""


def present(images: Sequence[tuple[str, Labels]]) -> list[tuple[ImageFile, Labels]]:
    """The images that are still there, by path. Raises ValueError for too many."""
    if len(images) > MAX_IMAGES:
        raise ValueError(f"more than {MAX_IMAGES:,} images")
    found = ((_file(path), labels) for (path, labels) in images)
    return [(file, labels) for (file, labels) in found if file is not None]


def split_keys(images: Sequence[tuple[ImageFile, Labels]]) -> dict[str, Keys]:
    """``key``, ``content`` and ``picture`` of the images, uint64 (n,) each, sorted by key; content is 0
    where an image has no labels."""
    rows = sorted(_rows(images))
    columns = np.array(rows, np.uint64).reshape(-1, 3).T
    return dict(zip(("key", "content", "picture"), columns))


def _rows(images: Iterable[tuple[ImageFile, Labels]]) -> Iterator[tuple[int, ...]]:
    started = time.perf_counter()
    for number, (image, labels) in enumerate(images, 1):
        found = labels if labels is not None else _labels(image.path)
        key = image_key(files.file_name(image.path), image.size, found)
        yield tuple(int(digits or "0", 16) for digits in key)
        if number % BURST == 0:
            time.sleep(time.perf_counter() - started)
            started = time.perf_counter()


def _file(path: str) -> Optional[ImageFile]:
    try:
        return ImageFile(path, files.size_of(path))
    except (FileNotFoundError, FileRefused):
        return None


def _labels(image: str) -> bytes:
    try:
        return files.read(label_path(image), MAX_LABEL_BYTES)
    except (FileNotFoundError, FileRefused):
        return b""
