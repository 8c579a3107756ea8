"""A picture made small for a gallery, so that two hundred of them are no hundred megabytes.

Decoded in memory, one at a time and under a cap on its pixels, which its header tells beforehand; the
last ones are kept.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections import OrderedDict
from typing import Any, Optional

from tensorboard_runlens.dataset.images import quiet
from tensorboard_runlens.folder import FileRefused

MIN_WIDTH = 16
MAX_WIDTH = 1600
"""Pixels that may be asked for: more is the picture itself."""

MAX_PIXELS = 40_000_000
"""Cap of what is decoded: the frameworks' mosaics have 4 million pixels, figures for print 10 million."""

TOO_MANY = f"more than {MAX_PIXELS:,} pixels, too many to be made small"

MAX_KEPT_BYTES = 32 * 2**20
"""Of small pictures that are kept: a thousand of them."""

JPEG_QUALITY = 80
FORMATS = ("PNG", "JPEG")
MODES = {"1": "L", "L": "L", "P": "RGBA", "LA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB"}
"""What a picture is turned into before it is scaled; one of any other mode is served as it is."""

WHOLE_NUMBER = re.compile("[0-9]{1,4}")


def width_in(text: str) -> Optional[int]:
    """The width that a request asks for, None where it is none that is served."""
    if not WHOLE_NUMBER.fullmatch(text) or not MIN_WIDTH <= int(text) <= MAX_WIDTH:
        return None
    return int(text)


class Thumbnails:
    """Small pictures by what they were made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[bytes, int], bytes] = OrderedDict()
        self._bytes = 0

    def of(self, data: bytes, width: int) -> bytes:
        """The picture, at most ``width`` pixels wide and in its own format; itself where that saves nothing.

        Raises FileRefused for what cannot be decoded or has too many pixels.
        """
        key = (hashlib.blake2b(data, digest_size=16).digest(), width)
        with self._lock:  # one at a time: each may take MAX_PIXELS of memory
            if key not in self._kept:
                self._keep(key, smaller(data, width))
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: tuple[bytes, int], small: bytes) -> None:
        self._kept[key] = small
        self._bytes += len(small)
        while self._bytes > MAX_KEPT_BYTES and len(self._kept) > 1:
            (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= len(dropped)


def smaller(data: bytes, width: int) -> bytes:
    """A PNG or JPEG scaled down. Raises FileRefused."""
    try:
        with quiet():
            small = _scaled(data, width)
    except FileRefused:
        raise
    except Exception as error:  # decoders raise anything on damaged files
        bomb = type(error).__name__ == "DecompressionBombError"
        raise FileRefused(TOO_MANY if bomb else "the picture is damaged") from error
    return small if small is not None and len(small) < len(data) else data


def _scaled(data: bytes, width: int) -> Optional[bytes]:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.size[0] * image.size[1] > MAX_PIXELS:
            raise FileRefused(TOO_MANY)
        if image.size[0] <= width or image.mode not in MODES:
            return None
        kind = image.format
        # Of JPEG only: decoded at a half, a quarter or an eighth of its size.
        image.draft(None, (2 * width, 2 * width))
        upright = ImageOps.exif_transpose(image)
        share = width / upright.size[0]
        size = (width, max(1, round(upright.size[1] * share)))
        return _encoded(
            upright.convert(MODES[image.mode]).resize(size, Image.Resampling.BICUBIC), kind
        )


def _encoded(image: Any, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    return out.getvalue()
