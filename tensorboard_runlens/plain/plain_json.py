"""JSON as plain data, whoever wrote it: numbers as floats, Python's NaN and Infinity included."""

from __future__ import annotations

import json
from typing import Any

MAX_DEPTH = 20
"""Nesting of a JSON file with metrics; real ones have two or three levels."""


class Damaged(Exception):
    """A document that cannot be read, and why."""


def load(text: str) -> Any:
    """The document; every number is a float. Raises Damaged, whatever is wrong with it."""
    try:
        document = json.loads(text, parse_int=float)  # int() of a million digits takes minutes
    except RecursionError as error:
        raise Damaged("too deeply nested") from error
    except ValueError as error:
        raise Damaged(f"no JSON: {error}"[:120]) from error
    if _depth(document) > MAX_DEPTH:
        raise Damaged("too deeply nested")
    return document


def _depth(document: Any) -> int:
    """Levels of lists and objects, counted without recursion."""
    (deepest, level) = (0, [document])
    while level and deepest <= MAX_DEPTH:
        level = [inner for outer in level for inner in _inside(outer)]
        deepest += 1
    return deepest


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []
