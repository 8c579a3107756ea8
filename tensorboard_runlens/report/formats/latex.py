"""A report as LaTeX: tables with booktabs, charts as code that draws them, so that it is one file.

Every sign that means something to TeX is escaped. Names come in every script: lualatex and xelatex set them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from tensorboard_runlens.report.figures.pgfplots import pgfplots
from tensorboard_runlens.report.formats import Beside, Format
from tensorboard_runlens.report.text import printable

_MEANS = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{sign: "\\" + sign for sign in "{}$&#_%"},
    **{sign: f"{{{sign}}}" for sign in "[]*<>|\"'`"},
}
"""The last kind means something in some places only: after a line's end, or as a ligature."""

_SIGNS = re.compile("[" + re.escape("".join(_MEANS)) + "]")

_JOINTS = re.compile(r"\\_|/")
"""Where a line may break inside of a word."""

_DASHES = re.compile("-(?=-)")
"""Two become one long one."""

LINE = 100
"""Characters of a footnote-sized line between the margins, the gaps between columns left out."""

GAP = 1.5
"""Characters that the gap between two columns takes."""

PREAMBLE = r"""% Compile with lualatex or xelatex: names may be in any script.
\documentclass[a4paper]{article}
\usepackage[margin=22mm]{geometry}
\usepackage{booktabs,longtable,array,pgfplots}
\pgfplotsset{compat=1.16}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\begin{document}"""


def escaped(text: str) -> str:
    """The text in one line, so that TeX sets it as it is."""
    line = printable(" ".join(text.split()))
    return _DASHES.sub("-{}", _SIGNS.sub(lambda found: _MEANS[found.group()], line))


def render(report: Report, beside: Beside) -> bytes:
    """A whole document that compiles, of which a paper takes the parts that it wants."""
    document = report.document
    lines = [PREAMBLE, rf"\section*{{{escaped(document.title)}}}", escaped(document.made)]
    for one in document.sections:
        lines += ["", *_section(one)]
    return ("\n".join([*lines, r"\end{document}"]) + "\n").encode("utf-8")


def _section(one: Section) -> Iterator[str]:
    yield rf"\subsection*{{{escaped(one.heading)}}}"
    for block in one.blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield escaped(block.text)
    elif isinstance(block, Bullets):
        yield r"\begin{itemize}"
        yield from (rf"\item {escaped(item)}" for item in block.items)
        yield r"\end{itemize}"
    elif isinstance(block, Code):
        yield from _code(block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _figure(block)


def _code(text: str) -> Iterator[str]:
    """No verbatim: a text could end it."""
    yield r"\begin{flushleft}\ttfamily\small"
    yield from (rf"\mbox{{}}{escaped(line)}\\" for line in text.splitlines())
    yield r"\end{flushleft}"


def _table(table: Table) -> Iterator[str]:
    yield rf"{{\footnotesize\setlength{{\tabcolsep}}{{3pt}}\begin{{longtable}}{{{_columns(table)}}}"
    yield rf"\toprule {_row(table.columns)} \midrule\endhead"
    yield from map(_row, table.rows)
    yield r"\bottomrule\end{longtable}}"
    if table.note:
        yield rf"{{\small {escaped(table.note)}}}"


def _row(cells: Row) -> str:
    return " & ".join(_breakable(escaped(shown(cell))) for cell in cells) + r" \\"


def _breakable(text: str) -> str:
    """Names of runs and arguments have no spaces to break a line at."""
    return _JOINTS.sub(r"\g<0>\\allowbreak{}", text)


def _columns(table: Table) -> str:
    """Numbers to the right; the longest columns share what the others leave, and break their lines."""
    cells = [tuple(row[at] for row in table.rows) for at in range(len(table.columns))]
    lengths = [_length(head, column) for (head, column) in zip(table.columns, cells)]
    most = _longest(lengths, LINE - GAP * len(lengths))
    return "".join(
        _column(head, column, min(length, most))
        for (head, column, length) in zip(table.columns, cells, lengths)
    )


def _length(head: str, cells: Row) -> int:
    """Of the longest cell; a head may break between its words."""
    return max(map(len, (*head.split(), *map(shown, cells))), default=0)


def _column(head: str, cells: Row, width: float) -> str:
    is_text = any(isinstance(cell, str) for cell in cells)
    if max(map(len, (head, *map(shown, cells)))) <= width:
        return "l" if is_text else "r"
    ragged = "raggedright" if is_text else "raggedleft"
    return rf">{{\{ragged}\arraybackslash}}p{{{width / LINE:.3f}\linewidth}}"


def _longest(lengths: Sequence[int], room: float) -> float:
    """Characters of the widest column, so that all fit: who asks for less than an equal share leaves the rest."""
    left = sorted(lengths)
    while left and left[0] * len(left) <= room:
        room -= left.pop(0)
    return room / len(left) if left else max(lengths, default=0)


def _figure(figure: Figure) -> Iterator[str]:
    yield r"\begin{figure}[htbp]\centering"
    yield pgfplots(figure.chart, escaped)
    yield rf"\caption{{{escaped(figure.caption)}}}"
    yield r"\end{figure}"


FORMAT = Format("tex", "application/x-tex; charset=utf-8", render)
