"""Saved Jupyter notebooks: the text that their cells printed, in the order of the cells.

Both layouts are read: nbformat 4, and nbformat 3 with its worksheets. Pictures are left aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tensorboard_runlens.plain import plain_json

SUFFIX = ".ipynb"

MAX_VALUES = 1_000_000
"""Lists, objects and commas of a notebook: 30 MB of progress bars have half as many; each may become
100 bytes of memory."""


def printed(text: str) -> str:
    """What the cells of a notebook printed, errors included. Raises plain_json.Damaged."""
    if text.count("[") + text.count("{") + text.count(",") > MAX_VALUES:
        raise plain_json.Damaged(f"more than {MAX_VALUES:,} values")
    document = plain_json.load(text)
    return "".join(_ended(part) for cell in _cells(document) for part in _outputs(cell) if part)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _cells(document: Any) -> Iterator[Any]:
    yield from _list(document, "cells")
    for sheet in _list(document, "worksheets"):
        yield from _list(sheet, "cells")


def _outputs(cell: Any) -> Iterator[str]:
    for output in _list(cell, "outputs"):
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        plain = data.get("text/plain") if isinstance(data, dict) else None
        yield _text(output.get("text", plain))
        yield _text("\n".join(line for line in _list(output, "traceback") if isinstance(line, str)))


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
