"""A picture file as an array of pixels, decoded once, under caps on its bytes and pixels."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable

FORMATS = ("PNG", "JPEG", "WEBP")
"""What curves are saved as (PNG) and what becomes of them in reports; no other decoder is tried."""

MAX_BYTES = 16 * 2**20
"""Cap of a file: the frameworks' curves have 50 kB to 1 MB."""

MAX_PIXELS = 40_000_000
"""Cap of what is decoded: the frameworks' curves have 3.4 million pixels."""

MIN_SIDE = 200
"""Pixels below which no digit of a legend could be told from another."""

MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"})
"""Eight bits a channel or fewer; deeper ones are no curve that a framework wrote."""

EDGE = 3
"""Pixels at the picture's border that tell its background: matplotlib leaves more free."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Raster:
    """``rgb`` is (height, width, 3). ``ink`` (height, width) is how far a pixel is from the background
    in all three channels at once, 0 to 255: full for text and frame, none for pure blue."""

    rgb: Pixels
    ink: Pixels
    background: Pixels


def read_bytes(path: str) -> bytes:
    """The file's bytes. Raises Unreadable for what is no file, too large or cannot be opened."""
    try:
        facts = os.stat(path)
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable("It is not a file.")
        if facts.st_size > MAX_BYTES:
            raise Unreadable(f"It has {facts.st_size:,} bytes, more than {MAX_BYTES:,}.")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        raise Unreadable(f"It cannot be opened ({type(error).__name__}).") from error


def decode(data: bytes) -> Raster:
    """The picture in ``data``. Raises Unreadable."""
    try:
        pixels = _decoded(data)
    except Unreadable:
        raise
    except Exception as error:  # decoders raise anything on damaged files
        raise Unreadable(
            f"It is no PNG, JPEG or WebP picture, or is damaged ({type(error).__name__})."
        ) from error
    rgb = _without_alpha(pixels)
    background = _background(rgb)
    return Raster(rgb, _ink(rgb, background), background)


def _decoded(data: bytes) -> Pixels:
    from PIL import Image

    Image.init()
    known = [name for name in FORMATS if name in Image.OPEN]
    with Image.open(BytesIO(data), formats=known) as image:
        _refuse_odd(image)
        image.load()
        kept = image if image.mode in ("RGB", "RGBA") else image.convert(_plain_mode(image))
        return np.asarray(kept)


def _refuse_odd(image: Any) -> None:
    (width, height) = image.size
    if width * height > MAX_PIXELS:
        raise Unreadable(f"It has {width * height:,} pixels, more than {MAX_PIXELS:,}.")
    if min(width, height) < MIN_SIDE:
        raise Unreadable(f"It has {width} x {height} pixels, too few to tell digits.")
    if image.mode not in MODES:
        raise Unreadable(f"Its pixels are of the kind {image.mode}, which no framework writes.")
    if getattr(image, "n_frames", 1) > 1:
        raise Unreadable("It is animated.")


def _plain_mode(image: Any) -> str:
    return "RGBA" if image.mode in ("LA", "PA") or "transparency" in image.info else "RGB"


def _without_alpha(pixels: Pixels) -> Pixels:
    """On white, as browsers and papers show it."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:]
    if alpha.min() == 255:
        return pixels[..., :3]
    mixed = pixels[..., :3] * (alpha / np.float32(255)) + (255 - alpha)
    opaque: Pixels = mixed.astype(np.uint8)
    return opaque


def _background(rgb: Pixels) -> Pixels:
    sides = (rgb[:EDGE], rgb[-EDGE:], rgb[:, :EDGE], rgb[:, -EDGE:])
    border = np.concatenate([side.reshape(-1, 3) for side in sides])
    background: Pixels = np.median(border, axis=0).astype(np.uint8)
    return background


def _ink(rgb: Pixels, background: Pixels) -> Pixels:
    """Stretched so that the colour opposite to the background has 255."""
    (red, green, blue) = (rgb[..., channel] for channel in range(3))
    if background.mean() < 128:
        level = int(background.max())
        nearest = np.minimum(np.minimum(red, green), blue)
        table = np.clip((np.arange(256) - level) * 255 / max(255 - level, 1), 0, 255)
    else:
        level = max(int(background.min()), 1)
        nearest = np.maximum(np.maximum(red, green), blue)
        table = np.clip((level - np.arange(256)) * 255 / level, 0, 255)
    return table.astype(np.uint8)[nearest]
