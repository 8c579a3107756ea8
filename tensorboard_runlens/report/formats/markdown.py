"""A report as Markdown: what GitHub and GitLab show, and readable as it stands.

Every sign that means something in Markdown or HTML is escaped, so that a name is shown as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tensorboard_runlens.report.document import (
    Block,
    Bullets,
    Code,
    Figure,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    shown,
)
from tensorboard_runlens.report.figures.svg import svg
from tensorboard_runlens.report.formats import Beside, Format
from tensorboard_runlens.report.text import printable

_MEANING = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")
_LIST = re.compile(r"^(\d{0,9})([-+=.)])(?=[\s=-]|$)")


def escaped(text: str) -> str:
    """The text in one line, so that Markdown shows it as it is."""
    line = _MEANING.sub(r"\\\1", printable(" ".join(text.split())))
    line = _LINK.sub(r"\1\\\2", line)
    return _LIST.sub(r"\1\\\2", line)


NOT_HERE = "Chart, drawn in HTML, in LaTeX and in files of the command runlens report"
"""Stands for a chart where nothing can lie beside the text."""


def render(report: Report, beside: Beside) -> bytes:
    """Charts are files of their own beside it; where there can be none, it says where they are."""
    document = report.document
    lines = [f"# {escaped(document.title)}", "", escaped(document.made)]
    for one in document.sections:
        lines += ["", *_section(one, beside)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _section(one: Section, beside: Beside) -> Iterator[str]:
    yield f"## {escaped(one.heading)}"
    for block in one.blocks:
        lines = list(_block(block, beside))
        if lines:
            yield ""
            yield from lines


def _block(block: Block, beside: Beside) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield escaped(block.text)
    elif isinstance(block, Bullets):
        yield from (f"- {escaped(item)}" for item in block.items)
    elif isinstance(block, Code):
        yield from _fenced(block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _figure(block, beside)


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield (
        "|" + "|".join(" --- " if _is_text(table, at) else " ---: " for at in _places(table)) + "|"
    )
    yield from map(_row, table.rows)
    if table.note:
        yield ""
        yield escaped(table.note)


def _row(cells: Row) -> str:
    return "| " + " | ".join(escaped(shown(cell)) for cell in cells) + " |"


def _places(table: Table) -> range:
    return range(len(table.columns))


def _is_text(table: Table, at: int) -> bool:
    return any(isinstance(row[at], str) for row in table.rows)


def _fenced(text: str) -> Iterator[str]:
    """The fence is longer than any row of backticks in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence
    yield from map(printable, text.splitlines())
    yield fence


def _figure(figure: Figure, beside: Beside) -> Iterator[str]:
    link = beside(f"{figure.name}.svg", svg(figure.chart, figure.caption))
    caption = escaped(figure.caption)
    yield f"{NOT_HERE}: {caption}" if link is None else f"![{caption}](<{link}>)"


FORMAT = Format("md", "text/markdown; charset=utf-8", render)
