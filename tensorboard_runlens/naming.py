"""Names of runs and files: how they are shown, and the order in which people count (train, train2, train10)."""

from __future__ import annotations

import os
import re
from itertools import zip_longest

_PARTS = re.compile(r"(\d+)")


def shown(name: str) -> str:
    """The name as text; bytes that are none (os.fsdecode makes surrogates of them) are written out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def own_name(path: str) -> str:
    """The last part of a path: answers name no other part of a machine."""
    return shown(os.path.basename(os.path.abspath(path))) or "/"


def name_below(folder: str, path: str, own: str) -> str:
    """What a scan of ``folder`` calls the run at ``path`` whose own name is ``own``: the way to it, and the table's
    name where its folder holds several."""
    way = os.path.relpath(path, folder).replace(os.sep, "/")
    table = own[len(os.path.basename(os.path.abspath(path))) :]
    return own if way == "." and table else way + table


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key in which numbers inside a name count as numbers; separators before them do not matter."""
    parts = _PARTS.split(name.lower())
    words = [(0, 0, part.rstrip("-_ ")) for part in parts[::2]]
    numbers = [(1, int(part[:18]), "") for part in parts[1::2]]
    return [key for pair in zip_longest(words, numbers) for key in pair if key is not None]
