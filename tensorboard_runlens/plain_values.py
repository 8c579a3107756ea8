"""How single values are written into an answer: digits of a number, and texts without other people's paths."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Optional

SIGNIFICANT_DIGITS = 6
"""Floats in JSON: what the frameworks write, no more."""

MAX_ITEMS = 20
"""Items of a list that are shown: more do not fit into CONFIG_VALUE_LENGTH, or say nothing."""

CONFIG_VALUE_LENGTH = 200
"""Characters of an argument's value that are shown."""

HOME_PARTS = 3
"""A path of three parts (/home/anna/best.pt) would still name its owner in the last two."""

ABSOLUTE_PATH = re.compile(
    r"""(?x)
    file:/+[^\s'",;]*                        # file:///home/anna
    | (?<![A-Za-z0-9])[A-Za-z]:[\\/][^\s'",;]*   # C:\Users
    | (?<![\w.~:/\\…-])(?:\\\\|(?:~\w*)?/)[^\s'",;]+  # /home, ~/data, \\\\server, and not car / truck
    | (?<=[A-Za-z0-9]:)/(?!/)[^\s'",;]*       # key:/home, but not https://
    """
)
WHOLE_PATH = re.compile(r"^(?:[A-Za-z]:[\\/]|\\\\|(?:~\w*)?/)")
"""A value that is a path from its first sign on may hold blanks."""


def rounded(value: float) -> Optional[float]:
    """Six significant digits; None for NaN and infinity, which JSON does not know."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def number(value: Optional[float]) -> Optional[float]:
    """With the digits of an answer; None for what is missing or not finite."""
    return None if value is None else rounded(value)


def range_of(interval: Optional[tuple[float, float]]) -> Optional[tuple[float, float]]:
    """Both ends with the digits of an answer; None where either is missing or not finite."""
    if interval is None:
        return None
    (low, high) = (rounded(end) for end in interval)
    return None if low is None or high is None else (low, high)


def without_absolute_paths(text: str) -> str:
    """Absolute paths cut to their last two parts, short ones to the last: they name people."""
    if WHOLE_PATH.match(text):
        return _last_parts(text)
    return ABSOLUTE_PATH.sub(lambda match: _last_parts(match.group()), text)


def class_names(names: Sequence[str], classes: int) -> list[str]:
    """A name for each of so many classes, by number where none is known."""
    return [
        without_absolute_paths(names[index]) if index < len(names) else f"class {index}"
        for index in range(classes)
    ]


def as_text(value: Any) -> str:
    """An argument's value in one line; absolute paths shortened."""
    if isinstance(value, dict):
        return "{" + f"{len(value)} entries" + "}"
    if isinstance(value, (list, tuple)):
        simple = [
            as_text(item) for item in value[:MAX_ITEMS] if not isinstance(item, (dict, list, tuple))
        ]
        return f"[{', '.join(simple)}]"[:CONFIG_VALUE_LENGTH]
    return without_absolute_paths(str(value))[:CONFIG_VALUE_LENGTH]


def _last_parts(path: str) -> str:
    parts = [part for part in re.split(r"[\\/]", path) if part and not part.endswith(":")]
    return "…/" + "/".join(parts[-2:] if len(parts) > HOME_PARTS else parts[-1:])
