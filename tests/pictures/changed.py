"""What becomes of a picture in reports and chats: smaller, compressed, trimmed, with fewer colours."""

from __future__ import annotations

import io
from typing import Callable

from PIL import Image, ImageChops

RESAMPLING = Image.Resampling


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=quality)
    return file.getvalue()


def smaller(image: Image.Image, share: float, filtered: int = RESAMPLING.LANCZOS) -> Image.Image:
    size = (round(image.width * share), round(image.height * share))
    return image.resize(size, filtered)


def trimmed(image: Image.Image) -> Image.Image:
    plain = Image.new(image.mode, image.size, image.getpixel((0, 0)))
    return image.crop(ImageChops.difference(image, plain).getbbox())


def padded(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", (image.width + 200, image.height + 200), (128, 128, 128))
    page.paste(image, (100, 100))
    return page


CHANGES: dict[str, Callable[[Image.Image], bytes]] = {
    "half": lambda image: as_png(smaller(image, 0.5)),
    "JPEG 75": lambda image: as_jpeg(image, 75),
    "JPEG 40": lambda image: as_jpeg(image, 40),
    "trimmed": lambda image: as_png(trimmed(image)),
    "32 colours": lambda image: as_png(image.quantize(32)),
    "nearest half": lambda image: as_png(smaller(image, 0.5, RESAMPLING.NEAREST)),
    "x 0.35": lambda image: as_png(smaller(image, 0.35)),
    "padded": lambda image: as_png(padded(image)),
}
"""Name -> a picture's bytes afterwards; the image given is RGB."""
