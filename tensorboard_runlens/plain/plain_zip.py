"""Files out of a zip archive, whoever packed it.

Python's zipfile reads as many bytes at once as an archive tells it to. Here each such read is
bounded, so that neither a directory of millions of entries nor a file that unpacks to gigabytes
costs memory. Of the ways to compress, only those are read that zipfile unpacks a piece at a time.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MAX_READ = 2**20
"""Bytes read at once: the directory of the largest real checkpoint (5,000 entries) has 400 kB."""

CHUNK = 2**16
"""Bytes unpacked at once."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""PyTorch stores; deflated is what repacking by hand leaves. bzip2 and LZMA unpack a gigabyte at once."""


class Refused(Exception):
    """An archive that is not read: the kind of problem and a sentence."""

    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind


class _Bounded(io.BufferedReader):
    """A file of which nobody can read more than MAX_READ bytes at once."""

    def read(self, size: Any = -1) -> bytes:
        whole = size is None or size < 0
        data = super().read(MAX_READ + 1 if whole else min(size, MAX_READ + 1))
        if len(data) > MAX_READ:
            raise Refused("too_large", f"its directory is larger than {MAX_READ:,} bytes")
        return data


def read_member(path: str, ending: str, cap: int) -> bytes:
    """The content of the first file in the archive whose name has this ending, at most ``cap`` bytes.

    Raises Refused, and OSError when the archive cannot be opened.
    """
    with _opened(path) as archive:
        member = next((one for one in archive.infolist() if one.filename.endswith(ending)), None)
        if member is None:
            raise Refused("not_a_checkpoint", "an archive, but not one that PyTorch wrote")
        if member.compress_type not in METHODS:
            raise Refused("not_a_checkpoint", "compressed in a way that PyTorch does not write")
        return _content(archive, member, cap, "its description")


def read_members(path: str, most: int, cap: int) -> dict[str, bytes]:
    """Every file in the archive by name: at most ``most`` of them, and ``cap`` bytes in all.

    Raises Refused, and OSError when the archive cannot be opened.
    """
    found: dict[str, bytes] = {}
    with _opened(path) as archive:
        members = archive.infolist()
        if len(members) > most:
            raise Refused("too_large", f"{len(members):,} files in it, more than {most:,}")
        for member in members:
            if member.filename in found or member.compress_type not in METHODS:
                raise Refused("damaged", "a name twice, or compressed in an unusual way")
            found[member.filename] = _content(archive, member, cap, "its content")
            cap -= len(found[member.filename])
    return found


@contextmanager
def _opened(path: str) -> Iterator[zipfile.ZipFile]:
    with _Bounded(io.FileIO(path)) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except Refused:
            raise
        except Exception as error:  # zipfile, struct and zlib raise many kinds
            raise Refused("truncated", "the archive is cut off or damaged") from error


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, cap: int, what: str) -> bytes:
    content = bytearray()
    with archive.open(member) as file:
        while chunk := file.read(CHUNK):
            content += chunk
            if len(content) > cap:
                raise Refused("too_large", f"{what} is larger than {cap:,} bytes")
    return bytes(content)
