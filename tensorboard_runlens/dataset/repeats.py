"""Images of the validation split that are in the training split too, or look like one there.

Metrics on them tell what the model remembers, not what it has learned.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.dataset import files
from tensorboard_runlens.dataset.images import MAX_PIXELS, grey_hash, quiet
from tensorboard_runlens.dataset.listing import ImageFile
from tensorboard_runlens.dataset.said import Said
from tensorboard_runlens.dataset.same_files import same_files

Hashes = npt.NDArray[np.uint64]

ALIKE_BITS = 4
"""Bits of 64 in which the hashes of look-alikes may differ. A picture saved anew at another quality or
size differs in 0 to 3 (measured, docs/datasets.md); two that have nothing in common in about 32."""

MAX_EXAMPLES = 20
"""Pairs that are named."""

MAX_COMPARED_BYTES = 2 * 2**30
"""Bytes of files of equal size that are read to see whether they are the same; some seconds."""

MAX_HASHED = 10_000
"""Images of one split whose pixels are compared; more are represented by every second, third ..."""

MAX_WORK = 5e9
"""Pixels of one split that are decoded, about half a minute on two cores; counted as JPEG, which is the fastest."""

SLOW_DECODE = 8
"""How much longer other formats take a pixel than JPEG decoded at an eighth of its size (measured with PNG)."""

BLOCK = 2**20
"""Pairs of hashes that are compared at once: 8 MB."""

Known = tuple[ImageFile, Optional[tuple[int, int]]]
"""An image file and its (width, height)."""


@dataclass(frozen=True)
class Repeats:
    """``same`` validation images are byte for byte in train, ``alike`` others look like one there.

    ``train`` and ``val`` are how many images there are, ``compared`` of how many (train, val) the
    pixels were compared. ``pairs`` names examples, (val, train), same ones first.
    """

    same: int
    alike: int
    train: int
    val: int
    compared: tuple[int, int]
    pairs: tuple[tuple[str, str], ...]


def find_repeats(train: Sequence[Known], val: Sequence[Known], said: Said) -> Repeats:
    """Compares two splits of one data set; images that are not readable must be left out before."""
    (train_images, val_images) = ([image for (image, _) in split] for split in (train, val))
    (same, skipped) = same_files(train_images, val_images, MAX_COMPARED_BYTES)
    if skipped:
        words = f"{skipped:,} images were not compared with others of their size: more than "
        said.say(".", None, "not_compared", f"{words}{MAX_COMPARED_BYTES:,} bytes of such")
    others = [known for known in val if known[0].path not in same]
    (train_files, train_hashes, n_train) = _hashes(train, said)
    (val_files, val_hashes, n_val) = _hashes(others, said)
    alike = {
        val_files[row]: train_files[column] for (row, column) in nearest(val_hashes, train_hashes)
    }
    pairs = [(files.file_name(one), files.file_name(other)) for (one, other) in same.items()]
    pairs += [(files.file_name(one), files.file_name(other)) for (one, other) in alike.items()]
    return Repeats(
        same=len(same),
        alike=len(alike),
        train=len(train),
        val=len(val),
        compared=(n_train, n_val + len(same)),
        pairs=tuple(pairs[:MAX_EXAMPLES]),
    )


def _hashes(images: Sequence[Known], said: Said) -> tuple[list[str], Hashes, int]:
    """(paths, their hashes, how many were looked at); even pictures have no hash."""
    chosen = _within_limits(images)
    with quiet(), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        answers = list(pool.map(_try_hash, chosen))
    found: list[tuple[str, int]] = []
    for path, answer in zip(chosen, answers):
        if isinstance(answer, str):
            said.say(files.file_name(path), None, "damaged_image", answer)
        elif answer is not None:
            found.append((path, answer))
    hashes = np.array([number for (_, number) in found], np.uint64)
    return ([path for (path, _) in found], hashes, len(chosen))


def _try_hash(path: str) -> Any:
    """The hash, None for an even picture, or why there is none."""
    try:
        return grey_hash(path)
    except OSError as error:
        return str(error)


def _within_limits(images: Sequence[Known]) -> list[str]:
    """Paths of the images that are decoded: all, or evenly many of them within the limits."""
    known = [
        (image.path, size[0] * size[1]) for (image, size) in images if size and _decodable(size)
    ]
    if not known:
        return []
    work = np.array([pixels * _slowness(path) for (path, pixels) in known], np.float64)
    count = int(min(len(known), MAX_HASHED, max(1, MAX_WORK // work.mean())))
    rows = np.linspace(0, len(known) - 1, count).round().astype(np.int64)
    rows = rows[np.cumsum(work[rows]) <= MAX_WORK]
    return [known[row][0] for row in rows.tolist()]


def _decodable(size: tuple[int, int]) -> bool:
    return size[0] * size[1] <= MAX_PIXELS


def _slowness(path: str) -> int:
    return 1 if path.lower().endswith((".jpg", ".jpeg")) else SLOW_DECODE


def nearest(rows: Hashes, columns: Hashes) -> list[tuple[int, int]]:
    """For each of ``rows`` that has look-alikes among ``columns``: (row, column of the nearest)."""
    if not len(columns):
        return []
    found: list[tuple[int, int]] = []
    step = max(1, BLOCK // len(columns))
    for start in range(0, len(rows), step):
        bits = set_bits(rows[start : start + step, None] ^ columns[None])
        best = bits.argmin(axis=1)
        close = np.flatnonzero(bits[np.arange(len(bits)), best] <= ALIKE_BITS)
        found += [(start + int(row), int(best[row])) for row in close]
    return found


def set_bits(values: Hashes) -> npt.NDArray[np.uint8]:
    """How many bits of each number are set. numpy 2 counts them itself."""
    count: Callable[[Hashes], npt.NDArray[np.uint8]] = getattr(np, "bitwise_count", _count_bits)
    return count(values)


def _count_bits(values: Hashes) -> npt.NDArray[np.uint8]:
    """Bits in pairs, fours, eights, summed by one multiplication."""
    (ones, twos, fours) = (
        np.uint64(0x5555555555555555),
        np.uint64(0x3333333333333333),
        np.uint64(0x0F0F0F0F0F0F0F0F),
    )
    values = values - ((values >> np.uint64(1)) & ones)
    values = (values & twos) + ((values >> np.uint64(2)) & twos)
    values = (values + (values >> np.uint64(4))) & fours
    counts: npt.NDArray[np.uint8] = (
        (values * np.uint64(0x0101010101010101)) >> np.uint64(56)
    ).astype(np.uint8)
    return counts
