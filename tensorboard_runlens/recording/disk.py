"""Files of a recording, put in place whole or left as they were. Every function may raise OSError."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Callable

import numpy as np
import numpy.typing as npt

TAIL_BYTES = 2**20
"""How far back a half line is looked for: a line of 80 classes with boxes and masks has 25 kB."""

COMPRESSION = 1
"""zlib's fastest: a fifth of the time of its usual level for a tenth more bytes."""

MODE = 0o666
"""Permissions of a new file, less the user's mask, as ``open`` has them."""

UNFINISHED = ".part"
"""Ends the name of a file that is not complete yet; a process that was killed leaves one."""


def replace(path: str, write: Callable[[IO[bytes]], Any]) -> None:
    """Has ``write`` fill a file that takes the place of ``path`` when it is complete."""
    unfinished = path + UNFINISHED
    try:
        with open(unfinished, "wb", opener=without_waiting) as file:
            write(file)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(unfinished)
        raise


def without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe in its place, which nobody may ever read, raises instead of waiting."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), MODE)


def write_archive(file: IO[bytes], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """An .npz that numpy.load reads without unpickling."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def append(path: str, content: bytes) -> None:
    """Adds to the end of a file."""
    with open(path, "ab", opener=without_waiting) as file:
        file.write(content)


def overwrite(path: str, content: bytes) -> None:
    """Puts it over what is there, as long as ``content`` or not there at all."""
    descriptor = without_waiting(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0))
    with open(descriptor, "wb", buffering=0) as file:
        file.write(content)


def cut_half_line(path: str) -> None:
    """Removes what a killed process left of a line at the end of a file."""
    with contextlib.suppress(FileNotFoundError), open(path, "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - TAIL_BYTES)
        file.seek(start)
        tail = file.read(size - start)
        if tail and not tail.endswith(b"\n"):
            file.truncate(start + tail.rfind(b"\n") + 1)


def make_folder(path: str) -> None:
    """Only the folder itself: a run folder that is gone is not made again."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(path)
