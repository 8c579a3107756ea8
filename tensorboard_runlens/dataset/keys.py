"""What tells an image of a data set apart without decoding it, and what tells a split apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple, Optional

KEY_DIGITS = 16
FINGERPRINT_DIGITS = 12
"""Hexadecimal digits: 64 bits tell 200,000 images apart, 48 bits all data sets of a team."""

BLANKS = re.compile(rb"\s+")


class ImageKey(NamedTuple):
    """What tells an image apart without decoding it, 16 hexadecimal digits each.

    ``key`` is of file name, bytes and labels; ``content`` of bytes and labels, "" where there are
    no labels, since a size alone tells nothing; ``picture`` of file name and bytes.
    """

    key: str
    content: str
    picture: str


def image_key(name: str, size: int, labels: Optional[bytes]) -> ImageKey:
    """Of an image of so many bytes. Labels count by their words: line ends and blanks, which
    copying may change, do not."""
    words = BLANKS.sub(b" ", labels or b"").strip()
    digest = hashlib.sha256(words).digest() if words else b""
    (image, length) = (name.encode(errors="replace"), str(size).encode())
    return ImageKey(
        key=_digits(image, length, digest),
        content=_digits(length, digest) if digest else "",
        picture=_digits(image, length),
    )


def fingerprint(keys: Iterable[str]) -> Optional[str]:
    """Twelve digits that are equal for equal splits, of the ``key`` of their images; None without images."""
    joined = "".join(sorted(keys))
    return hashlib.sha256(joined.encode()).hexdigest()[:FINGERPRINT_DIGITS] if joined else None


def _digits(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:KEY_DIGITS]
