"""The numeric arrays of an .npz archive, whoever packed it.

numpy.load allocates what a header announces before it looks at the data. Here a file is unpacked
within bounds first, and its header must announce exactly the bytes that are there. Objects are
never unpickled.
"""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.plain.plain_zip import Refused, read_members

MAX_MEMBERS = 64
"""Arrays of an archive: a recording of masks with detections and confusion has 29."""

MAX_HEADER_BYTES = 1000
"""Of an array; numpy pads the header of a plain one to 118 bytes."""

MAX_DIMENSIONS = 2
KINDS = "iuf"
"""Signed and unsigned integers and floats, as numpy abbreviates them."""

MAX_ITEM_BYTES = 8
ENDING = ".npy"
FIRST_VERSION = (1, 0)
"""Of the format: later ones are for headers that are longer than ours, or not ASCII."""

Array = npt.NDArray[Any]


def read_arrays(path: str, cap: int) -> dict[str, Array]:
    """The arrays by name, read-only, at most ``cap`` bytes in all.

    Raises Refused, and OSError when the archive cannot be opened.
    """
    members = read_members(path, MAX_MEMBERS, cap)
    return {name[: -len(ENDING)]: _array(name, content) for (name, content) in members.items()}


def _array(name: str, content: bytes) -> Array:
    file = io.BytesIO(content)
    try:
        (shape, by_column, kind) = _header(file)
        fits = math.prod(shape) * kind.itemsize == len(content) - file.tell()
        if not (name.endswith(ENDING) and fits and len(shape) <= MAX_DIMENSIONS):
            raise ValueError("its data are not what its header says")
        values = np.frombuffer(content, kind, offset=file.tell())
        return values.reshape(shape, order="F" if by_column else "C")
    except Exception as error:  # numpy evaluates the header as a Python literal: any kind
        raise Refused("damaged", f"{name[:40]} is no array of numbers") from error


def _header(file: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """(shape, whether columns lie together, type of the numbers)."""
    version = np.lib.format.read_magic(file)
    start = file.tell()
    length = int.from_bytes(file.read(2), "little")
    file.seek(start)
    if version != FIRST_VERSION or length > MAX_HEADER_BYTES:
        raise ValueError("an unusual header")
    (shape, by_column, kind) = np.lib.format.read_array_header_1_0(file)
    if kind.kind not in KINDS or kind.itemsize > MAX_ITEM_BYTES or min(shape, default=0) < 0:
        raise ValueError("not numbers")
    return (shape, by_column, kind)
