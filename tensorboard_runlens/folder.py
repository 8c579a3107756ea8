"""What lies in one folder, and the only way RunLens reads a file of a run.

A file is opened by a name from the folder's own listing, never by a path from data. Links that lead
out of the folder are refused, and no file is read past its size cap.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.naming import shown

MAX_ENTRIES = 20_000
"""Entries of one folder that are looked at; a run has tens, a folder with more holds images."""

MAX_TABLE_BYTES = 50 * 2**20
"""Cap of a result table: the longest real one (5,000 epochs, 20 columns) has 2 MB."""

MAX_CONFIG_BYTES = 2**20
"""Cap of an argument file: real ones have 2 kB."""

HEAD_BYTES = 8192
"""What is read of a table to recognise it: the widest real header has 1 kB."""


OF_PEOPLE = re.compile(
    r"(^|/)(\.[^/]*|Thumbs\.db|desktop\.ini|runlens\.yaml|(readme|notes?|todo)[^/]*|[^/]*\.(md|docx?|odt|pdf))$",
    re.IGNORECASE,
)
"""Files that a folder gets when somebody looks into it or writes a note: their times tell nothing of the training."""


class FileRefused(Exception):
    """A file that is not read; the message says why, in a sentence for the user."""


@dataclass(frozen=True)
class Entry:
    """A file of the listing: bytes and seconds since 1970."""

    size: int
    mtime: float
    is_link: bool


class Folder:
    """One folder's listing, taken once: files with size and time, and the names of its sub-folders.

    ``nameless`` counts files whose names are no text; they could not be named in an answer and are not in ``files``.
    """

    def __init__(self, path: str) -> None:
        """Lists ``path``. Raises OSError when that is not possible."""
        self.path = path
        self.files: dict[str, Entry] = {}
        self.folders: list[str] = []
        self.linked_folders: list[str] = []
        self.truncated = False
        self.nameless = 0
        self._heads: dict[str, bytes] = {}
        self._below: dict[str, Optional[Folder]] = {}
        with os.scandir(path) as entries:
            for count, entry in enumerate(entries):
                if count >= MAX_ENTRIES:
                    self.truncated = True
                    return
                self._add(entry)

    def _add(self, entry: os.DirEntry[str]) -> None:
        try:
            if entry.is_dir():
                (self.linked_folders if entry.is_symlink() else self.folders).append(entry.name)
                return
            facts = entry.stat()
        except OSError:
            return  # a dangling link, or gone since it was listed
        if not stat.S_ISREG(facts.st_mode):
            return
        if shown(entry.name) != entry.name:
            self.nameless += 1
        else:
            self.files[entry.name] = Entry(facts.st_size, facts.st_mtime, entry.is_symlink())

    @property
    def name(self) -> str:
        """The folder's own name."""
        return shown(os.path.basename(os.path.abspath(self.path)))

    def changed(self, below: str) -> float:
        """When a file was last added to or removed from a sub-folder, seconds since 1970; 0 without one."""
        try:
            return os.stat(os.path.join(self.path, below)).st_mtime if below in self.folders else 0
        except OSError:
            return 0

    def below(self, name: str) -> Optional[Folder]:
        """The listing of a sub-folder, None without one or where it cannot be listed; links are not followed."""
        if name not in self._below:
            self._below[name] = self._list(name)
        return self._below[name]

    def _list(self, name: str) -> Optional[Folder]:
        try:
            return Folder(os.path.join(self.path, name)) if name in self.folders else None
        except OSError:
            return None

    def head(self, name: str) -> bytes:
        """The first bytes of a file, b"" when it cannot be read; kept, because several formats ask."""
        if name not in self._heads:
            try:
                self._heads[name] = self._read(name, HEAD_BYTES)
            except (OSError, FileRefused):
                self._heads[name] = b""
        return self._heads[name]

    def read(self, name: str, cap: int) -> bytes:
        """The whole file. Raises FileRefused when it is larger than ``cap`` bytes, leaves the
        folder or cannot be read."""
        if self.files[name].size > cap:
            raise FileRefused(
                f"{self.files[name].size:,} bytes, more than the {cap:,} that RunLens reads"
            )
        try:
            return self._read(name, cap)
        except OSError as error:
            raise FileRefused(
                f"cannot be read: {error.strerror or type(error).__name__}"
            ) from error

    def local_path(self, name: str) -> str:
        """The path of a listed file for a reader that opens files itself. Raises FileRefused for a link that leaves."""
        path = os.path.join(self.path, name)
        if self.files[name].is_link and not self._stays_inside(path):
            raise FileRefused("a link to a file outside the run, not followed")
        return path

    def _read(self, name: str, size: int) -> bytes:
        with open(self.local_path(name), "rb") as file:
            return file.read(size)

    def _stays_inside(self, path: str) -> bool:
        root = os.path.join(os.path.realpath(self.path), "")
        return os.path.realpath(path).startswith(root)


def times(listings: Mapping[str, Entry]) -> tuple[Optional[float], Optional[float]]:
    """(newest, oldest) modification time of what a training may have written, seconds since 1970; (None, None) without
    such files."""
    moments = [entry.mtime for (name, entry) in listings.items() if not OF_PEOPLE.search(name)]
    return (max(moments), min(moments)) if moments else (None, None)
