"""Writes RUN/runlens/: epochs a line at a time, everything else in one piece.

No file is kept open between two calls: a store can be pickled, a killed process loses at most the
line it was writing, and a folder that vanished comes back with the next epoch.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

import numpy.typing as npt

from tensorboard_runlens import __version__
from tensorboard_runlens.recording import disk
from tensorboard_runlens.recording.layout import (
    ENDED_BYTES,
    EPOCHS,
    FILES,
    FOLDER,
    FORMAT_NUMBER,
    MANIFEST,
)
from tensorboard_runlens.recording.plain import plain


class Store:
    """The files of one recording. Every method may raise OSError."""

    def __init__(self, run_dir: Union[str, os.PathLike[str]]) -> None:
        self._folder = os.path.join(os.fspath(run_dir), FOLDER)
        self._cut = False
        self._facts: Mapping[str, Any] = {}

    def clear(self, names: Iterable[str] = FILES) -> None:
        """Forgets what an earlier training left in the same folder."""
        for name in names:
            self.remove(name)

    def remove(self, name: str) -> None:
        """Removes a file that may be there, and what a killed process left of it."""
        for path in (self._path(name), self._path(name + disk.UNFINISHED)):
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)

    def describe(self, facts: Mapping[str, Any]) -> None:
        """Writes the manifest, in place of an earlier one."""
        self._facts = facts
        self.write_json(MANIFEST, {"format": FORMAT_NUMBER, "runlens": __version__, **facts})

    def append(self, line: Mapping[str, Any]) -> None:
        """Appends an epoch."""
        content = f"{_json(line)}\n".encode()
        path = self._path(EPOCHS)
        if not self._cut:
            disk.make_folder(self._folder)
            disk.cut_half_line(path)
            self._cut = True
        try:
            disk.append(path, content)
        except FileNotFoundError:  # somebody has removed the folder
            disk.make_folder(self._folder)
            disk.append(path, content)
            if self._facts:
                self.describe(self._facts)

    def write_json(self, name: str, fields: Mapping[str, Any]) -> None:
        """Writes fields, made plain, in place of an earlier file."""
        self.write_bytes(name, _json(fields).encode())

    def overwrite(self, name: str, fields: Optional[Mapping[str, Any]]) -> None:
        """Writes fields, made plain, over a file of a fixed size; None: that there is nothing to say yet. A full disk
        takes them, if the file was there before."""
        disk.make_folder(self._folder)
        content = "null" if fields is None else _json(fields)
        disk.overwrite(self._path(name), content.encode().ljust(ENDED_BYTES))

    def write_bytes(self, name: str, content: bytes) -> None:
        """Writes a file in place of an earlier one."""
        disk.make_folder(self._folder)
        disk.replace(self._path(name), lambda file: file.write(content))

    def write_archive(self, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Writes named arrays in place of an earlier file; none of them holds objects."""
        disk.make_folder(self._folder)
        disk.replace(self._path(name), lambda file: disk.write_archive(file, arrays))

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(plain(fields), allow_nan=False, separators=(",", ":"))
