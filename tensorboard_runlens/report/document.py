"""A report before it has a format: headings, sentences, tables, charts.

What is in a report is decided once, in ``*_document.py``; ``formats/`` only writes it down. Texts are plain and may
come from strangers: every format escapes them itself. A missing number is ``None``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable, Optional, Union

import msgspec

from tensorboard_runlens import __version__
from tensorboard_runlens.report.pages import Pages

Cell = Union[None, int, float, str]
Row = tuple[Cell, ...]

UNKNOWN = "–"
"""What stands for a missing number."""


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """One thought an item."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Lines to copy."""

    text: str


@dataclass(frozen=True)
class Table:
    """Every row has a cell for each column; ``note`` stands below."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A series by (x, y); ``None`` for y is a gap. ``dashed`` tells two of a kind apart without colour."""

    name: str
    points: tuple[tuple[float, Optional[float]], ...]
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """Lines over the same axes, and known places on the x axis: (x, what is there)."""

    x: str
    y: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Figure:
    """``name`` is a file name without suffix, ``caption`` says what is seen."""

    name: str
    caption: str
    chart: Chart


Block = Union[Paragraph, Bullets, Code, Table, Figure]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """``made`` is the line that says by what and when it was made."""

    title: str
    made: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Report:
    """The same contents as every format needs them: a ``document`` to read, ``rows`` as one flat table, the ``answer``
    that --json gives, and the ``pages`` of the tab where it has a page about this."""

    document: Document
    rows: Table
    answer: msgspec.Struct
    pages: Optional[Callable[[], Pages]] = None


def document(title: str, sections: Iterable[Section]) -> Document:
    """The sections that hold anything. The day is enough to say when: equal reports of a day are equal files."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    made = f"Made by RunLens {__version__} on {day}."
    return Document(title, made, tuple(one for one in sections if one.blocks))


def shown(cell: Cell) -> str:
    """A cell as it is read: four significant digits, which is what a validation set can tell."""
    if cell is None or cell != cell:
        return UNKNOWN
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def section(heading: str, *blocks: Optional[Block]) -> Section:
    """The section without the blocks that there is nothing to say in."""
    return Section(heading, tuple(one for one in blocks if one is not None and not _empty(one)))


def _empty(block: Block) -> bool:
    if isinstance(block, Table):
        return not block.rows
    if isinstance(block, Bullets):
        return not block.items
    return isinstance(block, (Paragraph, Code)) and not block.text
