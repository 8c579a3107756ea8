"""The only way that a file of a data set is opened: plain files only, and no more than a cap."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from tensorboard_runlens.folder import FileRefused
from tensorboard_runlens.naming import shown

MAX_NAME = 255
"""Characters of a name that are told: no file system has longer ones, a list of images may claim some."""


def size_of(path: str) -> int:
    """Bytes of a plain file. Raises FileNotFoundError, or FileRefused for anything else that is no plain file."""
    try:
        facts = os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in it
        raise FileNotFoundError(file_name(path)) from error
    except OSError as error:
        raise FileRefused(f"cannot be read: {error.strerror or type(error).__name__}") from error
    if not stat.S_ISREG(facts.st_mode):
        raise FileRefused("no plain file, not opened")
    return facts.st_size


def read(path: str, cap: int) -> bytes:
    """The whole file. Raises FileNotFoundError, or FileRefused when it is larger than ``cap`` or unreadable."""
    size = size_of(path)
    if size > cap:
        raise FileRefused(f"{size:,} bytes, more than the {cap:,} that RunLens reads")
    try:
        with open(path, "rb") as file:
            return file.read(cap)
    except OSError as error:
        raise FileRefused(f"cannot be read: {error.strerror or type(error).__name__}") from error


def refuse_leaving(path: str, folders: Iterable[str]) -> None:
    """Raises FileRefused for a file that is a link which ends in none of the folders (real paths) or below."""
    if not os.path.islink(path):
        return
    target = os.path.realpath(path)
    if not any(target.startswith(os.path.join(folder, "")) for folder in folders):
        raise FileRefused("a link that leaves the data set's folders, not followed")


def file_name(path: str) -> str:
    """What an answer calls a file: its name without the folders, which would name people."""
    return shown(os.path.basename(path))[:MAX_NAME] or "/"


def folder_name(path: str) -> str:
    """The name of the folder that a file lies in."""
    return file_name(os.path.dirname(path))
