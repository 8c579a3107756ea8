"""Writes small data sets as people keep them: images/SPLIT, labels/SPLIT and a data.yaml."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np

SIZE = (64, 48)
"""Width and height of the images in pixels."""

Labelled = Mapping[str, Sequence[Optional[str]]]
"""Split -> the label file's text of each image, None for an image without one."""


def png(seed: int, size: tuple[int, int] = SIZE) -> bytes:
    """A grey PNG of 8 x 8 random squares that no other seed gives."""
    squares = np.random.default_rng(seed).integers(0, 256, (8, 8), dtype=np.uint8)
    pixels = np.kron(squares, np.ones((size[1] // 8, size[0] // 8), np.uint8))
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return png_of(size, zlib.compress(rows))


def png_of(size: tuple[int, int], data: bytes) -> bytes:
    """A grey PNG that claims a size, with these compressed pixels."""
    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for (name, content) in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def box(number: int, place: int = 0, side: float = 0.2) -> str:
    """A label row: a box of a class, at one of a hundred places."""
    (row, column) = divmod(place, 10)
    return f"{number} {0.15 + 0.07 * column:.4f} {0.15 + 0.07 * row:.4f} {side} {side}"


def polygon(number: int, corners: int = 5) -> str:
    """A label row: a regular polygon around the middle."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    points = np.stack([0.5 + 0.3 * np.cos(angles), 0.5 + 0.3 * np.sin(angles)], axis=1)
    return " ".join([str(number), *(f"{value:.5f}" for value in points.flat)])


def write(folder: Path, splits: Labelled, names: Any = ("disc", "ring"), **more: Any) -> Path:
    """Writes the data set; returns its data.yaml. Every image differs from all others."""
    described: dict[str, Any] = {"names": list(names) if isinstance(names, tuple) else names}
    seed = 0
    for split, labels in splits.items():
        described[split] = f"images/{split}"
        for kind in ("images", "labels"):
            (folder / kind / split).mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(labels):
            seed += 1
            (folder / "images" / split / f"{number:04}.png").write_bytes(png(seed))
            if text is not None:
                (folder / "labels" / split / f"{number:04}.txt").write_text(text, "utf-8")
    path = folder / "data.yaml"
    path.write_text(json.dumps({**described, **more}), "utf-8")  # JSON is YAML
    return path


def healthy(train: int = 90, val: int = 30) -> dict[str, list[Optional[str]]]:
    """Two classes in every image, one object each: nothing to complain about."""
    text = f"{box(0, 11)}\n{box(1, 55)}\n"
    return {"train": [text] * train, "val": [text] * val}
