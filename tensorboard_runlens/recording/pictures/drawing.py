"""A validation image with its objects and detections drawn on it, as a small JPEG.

PIL is imported where it is used: Ultralytics needs it, other training scripts need not have it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_BYTES = 60_000
"""Of one picture."""

LONG_SIDE = 640
"""Pixels of a picture's longer side, at most; Ultralytics' usual input."""

QUALITIES = (85, 70, 55, 40, 25)
"""Of JPEG, tried in this order; below the last the picture is halved instead."""

TRUTH = (86, 180, 233)
"""Sky blue: with the next one told apart by all colour-blind readers (Okabe and Ito)."""

FOUND = (230, 159, 0)
"""Orange."""

LINE = 2

TEXT_HEIGHT = 12
"""Pixels that a line of PIL's own font takes."""

LEAST_SIDE = 320
"""Pixels that a longer side is enlarged to: names of classes would hide a smaller image."""


@dataclass(frozen=True)
class Shape:
    """A closed outline (n, 2), points (k, 2) that belong to it, and its text: above its first corner, an object's below
    its lower left one."""

    outline: npt.NDArray[Any]
    points: npt.NDArray[Any]
    text: str = ""


def drawn(
    file: str, size: tuple[int, int], truth: Sequence[Shape], found: Sequence[Shape]
) -> bytes:
    """The image of ``size`` in ``file``, with shapes in its pixels. Raises what PIL raises for an unreadable one."""
    image = opened(file)
    share = np.array(image.size) / size
    for colour, shapes in ((FOUND, found), (TRUTH, truth)):
        for shape in shapes:
            _draw(image, shape, share, colour)
    for shape in truth:
        _write(image, shape.text, _lower_left(shape.outline) * share, TRUTH)
    for shape in found:
        _write(image, shape.text, shape.outline[0] * share - (0, TEXT_HEIGHT), FOUND)
    return jpeg(image)


def opened(file: str) -> Any:
    """The image, small enough to be shown and turned as its camera says: so Ultralytics reads it, too."""
    from PIL import Image, ImageOps

    with Image.open(file) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        small = ImageOps.exif_transpose(image).convert("RGB")
    return fitted(small)


def fitted(image: Any) -> Any:
    """The same image, neither too large nor too small."""
    side = max(image.size)
    wanted = min(max(side, LEAST_SIDE), LONG_SIDE)
    if side == wanted:
        return image
    return image.resize([max(1, round(length * wanted / side)) for length in image.size])


def with_strip(pixels: npt.NDArray[np.uint8], lines: Iterable[str]) -> bytes:
    """A picture (height, width, 3) with lines of text below it."""
    from PIL import Image, ImageDraw

    image = fitted(Image.fromarray(pixels))
    written = list(lines)
    canvas = Image.new("RGB", (image.width, image.height + TEXT_HEIGHT * len(written)))
    canvas.paste(image)
    draw = ImageDraw.Draw(canvas)
    for number, line in enumerate(written):
        draw.text((2, image.height + TEXT_HEIGHT * number), printable(line), fill=(255, 255, 255))
    return jpeg(canvas)


def jpeg(image: Any) -> bytes:
    """As good as it may be large."""
    while True:
        for quality in QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality)
            if buffer.tell() <= MAX_BYTES:
                return buffer.getvalue()
        image = image.resize((max(1, image.width // 2), max(1, image.height // 2)))


def printable(text: str) -> str:
    """PIL's oldest built-in font knows Latin-1."""
    return text.encode("latin-1", "replace").decode("latin-1")


def _draw(image: Any, shape: Shape, share: npt.NDArray[Any], colour: tuple[int, int, int]) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    corners = _places(shape.outline * share)
    draw.line([*corners, corners[0]], fill=colour, width=LINE)
    for x, y in _places(shape.points * share):
        draw.ellipse((x - LINE, y - LINE, x + LINE, y + LINE), fill=colour)


def _lower_left(outline: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.array([outline[:, 0].min(), outline[:, 1].max()])


def _write(image: Any, text: str, corner: npt.NDArray[Any], colour: tuple[int, int, int]) -> None:
    """Below and right of the corner, moved until it lies in the picture."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    said = printable(text)
    length = draw.textlength(said)
    ((x, y),) = _places(corner[None])
    left = max(0.0, min(x, image.width - length))
    top = max(0.0, min(y, image.height - TEXT_HEIGHT))
    draw.rectangle((left, top, left + length, top + TEXT_HEIGHT), fill=colour)
    draw.text((left, top), said, fill=(0, 0, 0))


def _places(points: npt.NDArray[Any]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for (x, y) in np.nan_to_num(points).clip(-1e4, 1e4)]
