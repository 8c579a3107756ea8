"""One image file: its size in pixels, whether it is readable, and a hash by which look-alikes are found.

The size comes from the header and nothing is decoded for it; an image whose end is missing is decoded
to be sure.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.dataset.listing import ImageFile

FORMATS = ("JPEG", "MPO", "PNG", "BMP", "TIFF", "WEBP", "JPEG2000", "AVIF")
"""Formats of the frameworks that Pillow reads; no other decoder is tried, whatever a file claims to be."""

RARE_ENDINGS = frozenset({"avif", "dng", "heic", "heif", "jp2", "pfm"})
"""Formats that the Pillow at hand may not know; then nothing is said about the file."""

MAX_PIXELS = 89_478_485
"""Pixels of an image that is decoded: Pillow's own limit against decompression bombs."""

MIN_SIDE = 10
"""Pixels below which Ultralytics ignores an image."""

TAIL_BYTES = 1024
"""Where a whole file's end mark stands; some cameras append a few bytes to it."""

END_MARKS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND"}

HASH_SIZE = (9, 8)
"""Columns and rows of the small grey picture behind a hash: eight comparisons in each of eight rows."""

FLAT = 2.0
"""Grey levels of 255 between which an image is even: its hash would be made of noise."""


@dataclass(frozen=True)
class Look:
    """``size`` is (width, height) in pixels as stored, None where unknown; ``corrupt`` says why a
    training ignores the image, ``unread`` why RunLens cannot tell."""

    size: Optional[tuple[int, int]]
    corrupt: Optional[str] = None
    unread: Optional[str] = None


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow's warnings about large or odd files are answered here, not printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def look(image: ImageFile) -> Look:
    """Size and readability of an image. Never raises."""
    if image.refused is not None:
        return Look(None, corrupt=image.refused)
    if not image.size:
        return Look(None, corrupt="0 bytes")
    try:
        with open(image.path, "rb") as file:
            return _look(file)
    except Exception as error:  # decoders raise anything on damaged files
        if image.path.rpartition(".")[2].lower() in RARE_ENDINGS:
            return Look(None, unread="a format that the installed Pillow does not read")
        return Look(None, corrupt=_why(error))


def _look(file: BinaryIO) -> Look:
    tail = _tail(file)
    with _opened(file) as image:
        size: tuple[int, int] = image.size
        if min(size) < MIN_SIDE:
            return Look(size, corrupt=f"{size[0]} x {size[1]} pixels, less than {MIN_SIDE} a side")
        mark = END_MARKS.get(image.format)
        if mark is None or mark in tail:
            return Look(size)
        if size[0] * size[1] > MAX_PIXELS:
            return Look(size, unread=f"more than {MAX_PIXELS:,} pixels and an unusual end")
        image.draft("L", (1, 1))
        image.load()
    return Look(size)


def _tail(file: BinaryIO) -> bytes:
    length = file.seek(0, 2)
    file.seek(max(0, length - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    file.seek(0)
    return tail


def _opened(file: BinaryIO) -> Any:
    from PIL import Image

    return Image.open(file, formats=_formats())


@cache
def _formats() -> tuple[str, ...]:
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _why(error: Exception) -> str:
    """In our words: Pillow's name the path."""
    words = {
        "UnidentifiedImageError": "no image that Pillow knows",
        "DecompressionBombError": "far more pixels than any photograph",
        "OSError": "the image is cut off or damaged",
        # Ultralytics, where it is loaded, opens what Pillow does not know with a package that may be missing.
        "ModuleNotFoundError": "no image that Pillow knows",
    }
    return words.get(type(error).__name__, f"cannot be read ({type(error).__name__})")


def grey_hash(path: str) -> Optional[int]:
    """64 bits of which similar images share nearly all (a difference hash), None for an even picture.

    Raises OSError for an image that cannot be decoded.
    """
    try:
        with open(path, "rb") as file, _opened(file) as image:
            image.draft("L", (8 * HASH_SIZE[0], 8 * HASH_SIZE[1]))  # JPEG only: decoded at 1/8
            small = _small_grey(image)
    except Exception as error:  # decoders raise anything on damaged files
        raise OSError(_why(error)) from error
    if small.std() < FLAT:
        return None
    bits = small[:, 1:] > small[:, :-1]
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _small_grey(image: Any) -> npt.NDArray[np.float64]:
    from PIL import Image

    deep = image.mode[0] in "IF"  # 16 or 32 bits a pixel
    grey = image.convert("I").convert("F") if deep else image.convert("L")
    small = np.asarray(grey.resize(HASH_SIZE, Image.Resampling.BOX), np.float64)
    return small * 255 / max(float(small.max()), 1.0) if deep else small
