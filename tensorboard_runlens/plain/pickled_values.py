"""Numbers, texts and small structures out of an unpickled note: what they are, within bounds.

Values of a pickle may be shared, nested or hold themselves, so every walk is bounded in depth and
number. numpy's numbers are decoded from their bytes, paths are their text; any other object is
left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.plain.plain_pickle import Made

MAX_VALUES = 10_000
"""Values of one structure: Open Images has 601 classes, and the longest list of arguments 130."""

MAX_DEPTH = 4
"""Nesting of one structure: arguments hold lists, and augmentations lists of dictionaries."""

MAX_TEXT = 500
"""Characters of a text that are kept: a path may have 260 and more."""

MAX_NUMBER = 2**63
MAX_BYTES_OF_NUMBER = 16
"""Of one number in an array; the same megabytes may stand for it in every cell."""

NUMBER_TYPE = re.compile(r"[fiub][1248]")
SCALAR = re.compile(r"numpy\._?core\.multiarray\.scalar")
ARRAY = re.compile(r"numpy\._?core\.multiarray\._reconstruct")
BUFFER = re.compile(r"numpy\._?core\.numeric\._frombuffer")
PATH = re.compile(r"pathlib(\._local)?\.(Pure)?(Posix|Windows)?Path")
BYTES_IN_TEXT = "_codecs.encode"
SIZE = "torch.Size"

NOTHING = object()
"""What is no plain value; None is one."""


def plain(value: Any) -> Any:
    """The value with everything in it that is plain, ``NOTHING`` for an object."""
    return _Walk().plain(value, 0)


def dictionary(value: Any) -> dict[str, Any]:
    """A dictionary, or the attributes of a namespace, with text keys; {} for anything else."""
    if isinstance(value, Made):
        value = value.state
    found = plain(value) if isinstance(value, dict) else {}
    return {key: one for (key, one) in found.items() if isinstance(key, str)}


def numbers(value: Any) -> dict[str, float]:
    """The numbers of a dictionary by their names; {} for anything else."""
    return {
        key: float(one)
        for (key, one) in dictionary(value).items()
        if isinstance(one, (int, float)) and not isinstance(one, bool)
    }


def number(value: Any) -> Optional[float]:
    """A number of any kind, an array of one number among them; None for anything else and for NaN."""
    found = measured(value)
    return None if math.isnan(found) else found


def measured(value: Any) -> float:
    """A number of any kind; NaN for anything else."""
    found = _of_numpy(value) if isinstance(value, Made) else value
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return math.nan
    within = -MAX_NUMBER <= found <= MAX_NUMBER or found in (math.inf, -math.inf)
    return float(found) if within else math.nan


class _Walk:
    """One walk through a structure, which ends after MAX_VALUES."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def plain(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return NOTHING
        if isinstance(value, str):
            return value[:MAX_TEXT]
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int):
            return value if -MAX_NUMBER <= value <= MAX_NUMBER else NOTHING
        if isinstance(value, (list, tuple)):
            return self._list(value, depth)
        if isinstance(value, dict):
            return self._dict(value, depth)
        return self._object(value, depth) if isinstance(value, Made) else NOTHING

    def _list(self, values: Iterable[Any], depth: int) -> list[Any]:
        found: list[Any] = []
        for value in values:
            one = self.plain(value, depth + 1)
            if self.left < 0:
                break
            if one is not NOTHING:
                found.append(one)
        return found

    def _dict(self, values: dict[Any, Any], depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in values.items():
            one = self.plain(value, depth + 1)
            if self.left < 0:
                break
            if one is not NOTHING:
                found[key[:MAX_TEXT] if isinstance(key, str) else key] = one
        return found

    def _object(self, made: Made, depth: int) -> Any:
        if PATH.fullmatch(made.name):
            parts = self._list(made.arguments, depth)
            path = "/".join(part for part in parts if isinstance(part, str)).replace("//", "/")
            return path[:MAX_TEXT]
        if made.name == SIZE:
            return self.plain(made.arguments[0] if made.arguments else (), depth)
        found = _of_numpy(made)
        return NOTHING if found is None else found


def _of_numpy(made: Made) -> Optional[float]:
    """The number that numpy wrote, None for anything else."""
    if SCALAR.fullmatch(made.name) and len(made.arguments) == 2:
        return _decoded(*made.arguments)
    if ARRAY.fullmatch(made.name) and isinstance(made.state, tuple) and len(made.state) == 5:
        (_, _, kind, _, content) = made.state
        return _decoded(kind, content)
    if BUFFER.fullmatch(made.name) and len(made.arguments) == 4:
        return _decoded(made.arguments[1], made.arguments[0])
    return None


def _decoded(kind: Any, content: Any) -> Optional[float]:
    """One number from its bytes."""
    data = _bytes(content)
    code = kind.arguments[0] if isinstance(kind, Made) and kind.arguments else None
    if data is None or not isinstance(code, str) or not NUMBER_TYPE.fullmatch(code):
        return None
    order = kind.state[1] if isinstance(kind.state, tuple) and len(kind.state) > 1 else "<"
    try:
        (value,) = np.frombuffer(data, np.dtype(f">{code}" if order == ">" else f"<{code}"))
    except (ValueError, TypeError):
        return None
    return float(value)


def _bytes(content: Any) -> Optional[bytes]:
    """Bytes as they stand, or in the text that protocol 2 writes them in."""
    if isinstance(content, (bytes, bytearray)):
        return bytes(content) if len(content) <= MAX_BYTES_OF_NUMBER else None
    if isinstance(content, Made) and content.name == BYTES_IN_TEXT and content.arguments:
        text = content.arguments[0]
        if isinstance(text, str) and len(text) <= MAX_BYTES_OF_NUMBER:
            return text.encode("latin-1", "replace")
    return None
