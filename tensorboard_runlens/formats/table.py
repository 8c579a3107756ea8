"""A result table as text: delimited lines under a header, read by name and never by position.

What real files hold is survived and said: padded names, nan and inf, NUL bytes where a machine
crashed while writing, a last line half written, rows shorter or longer than the header, a second
header in the middle, spreadsheet copies with semicolons and decimal commas.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats, Problem

MAX_COLUMNS = 500
"""More columns than any framework writes (YOLO26 pose, the widest, has 32)."""

MAX_NAME = 100
"""Characters of a column's name; the longest real one has 22."""

MAX_SAID = 20
"""Problems of one kind that are listed singly; a broken file must not flood the page."""

STRANGE_BYTES = bytes([*range(9), *range(14, 32)])
"""Control characters that no text holds."""

MAX_QUOTED = 40
"""Characters of a cell or a name that are repeated in a problem."""

ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|[\\/~]")

NUMBER_OF_A_WORD = {"": np.nan, "none": np.nan, "null": np.nan, "n/a": np.nan}
"""Cells that mean "nothing measured"; nan and inf are read by float() itself."""


@dataclass
class Table:
    """Named columns of equal length, float64; ``lines`` is the file's line number of each row, from
    1.

    ``rows`` counts complete lines below the header, used or not. ``short`` are complete rows with
    fewer cells than the header, as (line, cells): some frameworks end a file with one.
    """

    file: str
    columns: dict[str, Floats]
    lines: list[int]
    rows: int
    problems: list[Problem] = field(default_factory=list)
    short: list[tuple[int, list[str]]] = field(default_factory=list)

    def say(self, line: Optional[int], kind: str, problem: str) -> None:
        """Adds a problem; of many alike only the first are listed."""
        alike = sum(known.kind == kind for known in self.problems)
        if alike < MAX_SAID:
            self.problems.append(Problem(self.file, line, kind, problem))


def decode(data: bytes) -> Optional[str]:
    """The text of a table with "\\n" at line ends, or None for bytes that are no text at all."""
    text = as_written(data)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def as_written(data: bytes) -> Optional[str]:
    """The text with its line ends as they are, or None for bytes that are no text at all."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    sample = data.rstrip(b"\0")[:4096]  # a crash leaves a tail of NUL bytes behind good lines
    strange = len(sample) - len(sample.translate(None, STRANGE_BYTES))
    if strange > len(sample) // 10 or (data and not sample):
        return None
    return data.decode("utf-8", errors="replace")


def delimiter(header: str) -> str:
    """The character that separates cells: comma, or what a spreadsheet saved instead."""
    return max((",", ";", "\t"), key=header.count)


def names(header: str) -> list[str]:
    """Column names of a header line, without padding; a trailing separator adds no column."""
    found = [cell.strip() for cell in cells(header, delimiter(header))]
    while found and not found[-1]:
        found.pop()
    return found


def cells(line: str, separator: str) -> list[str]:
    """The cells of one line; where its quotes or NUL bytes confuse the csv module, all between separators."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def first_line(head: bytes) -> str:
    """The first line that is not blank, "" for bytes that are no text."""
    text = decode(head) or ""
    return next((line for line in text.splitlines() if line.strip()), "")


def number(cell: str, decimal_comma: bool) -> Optional[float]:
    """The value of a cell, "76.27%" as the fraction that it says; NaN for an empty one, None for a word."""
    text = cell.strip()
    if decimal_comma:
        text = text.replace(",", ".")
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return NUMBER_OF_A_WORD.get(text.lower())


def quoted(text: str) -> str:
    """Others' words in a problem: short, and of an absolute path its last part only."""
    if ABSOLUTE.match(text.strip()):
        text = re.split(r"[\\/]", text.strip())[-1]
    return repr(text.strip()[:MAX_QUOTED])


def parse(file: str, data: bytes) -> Table:
    """Reads a delimited table. Never raises: what cannot be read is in ``problems``."""
    text = decode(data)
    if text is None:
        return _nothing(
            file, "binary", "not text: the file is damaged or something else under this name"
        )
    lines = text.split("\n")
    start = next((index for (index, line) in enumerate(lines) if line.strip()), None)
    if start is None:
        return _nothing(file, "empty", "the file is empty")
    header = names(lines[start])
    if not header:
        return _nothing(file, "no_header", "the first line names no column")
    if len(header) > MAX_COLUMNS:
        return _nothing(
            file,
            "too_wide",
            f"{len(header)} columns, more than the {MAX_COLUMNS} that RunLens reads",
        )
    return _Reader(file, header, delimiter(lines[start])).read(lines, start + 1)


def _nothing(file: str, kind: str, problem: str) -> Table:
    return Table(file, {}, [], 0, [Problem(file, None, kind, problem)])


class _Reader:
    """Goes through the lines below a header once."""

    def __init__(self, file: str, header: list[str], separator: str) -> None:
        self.table = Table(file, {}, [], 0)
        self.separator = separator
        self.decimal_comma = separator != ","
        self.width = len(header)
        self.header = header
        self.positions = self._positions(header)
        self.values: list[dict[str, float]] = []

    def _positions(self, header: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for position, name in enumerate(header):
            if name in found:
                self.table.say(
                    1,
                    "duplicate_column",
                    f"two columns are called {quoted(name)}; the first is used",
                )
            elif len(name) > MAX_NAME:
                self.table.say(1, "long_name", f"column {quoted(name)}... is left out")
            elif name:
                found[name] = position
        return found

    def read(self, lines: Sequence[str], start: int) -> Table:
        for index, line in enumerate(lines[start:], start):
            if line.strip():
                self._line(index + 1, line, ended=index + 1 < len(lines))
        columns = dict.fromkeys(name for row in self.values for name in row) or dict.fromkeys(
            self.positions
        )
        self.table.columns = {
            name: np.array([row.get(name, np.nan) for row in self.values], np.float64)
            for name in columns
        }
        return self.table

    def _line(self, line: int, text: str, ended: bool) -> None:
        if "\0" in text:
            self.table.say(
                line,
                "damaged",
                "NUL bytes: the machine stopped while writing this line; it is left out",
            )
            return
        found = cells(text, self.separator)
        while len(found) > self.width and not found[-1].strip():
            found.pop()
        if found and found[0].strip() == self.header[0] != "":
            self._header_again(line, text)
            return
        if len(found) < self.width and not ended:
            self.table.say(
                line,
                "half_written",
                f"{len(found)} of {self.width} cells: the line is being written, left out",
            )
            return
        self.table.rows += 1
        if len(found) < self.width:
            self.table.short.append((line, found))
        elif len(found) > self.width:
            self.table.say(
                line,
                "long_row",
                f"{len(found)} cells under {self.width} column names; the row is left out",
            )
        else:
            self._row(line, found)

    def _header_again(self, line: int, text: str) -> None:
        header = names(text)
        if header != self.header:
            self.table.say(
                line, "second_header", "another header begins here; the rows below are read by it"
            )
        self.header = header
        self.width = len(header)
        self.positions = self._positions(header)

    def _row(self, line: int, cells: Sequence[str]) -> None:
        row: dict[str, float] = {}
        for name, position in self.positions.items():
            value = number(cells[position], self.decimal_comma)
            if value is None:
                self.table.say(
                    line,
                    "not_a_number",
                    f"{quoted(name)}: {quoted(cells[position])} is not a number; left out",
                )
            row[name] = np.nan if value is None else value
        self.values.append(row)
        self.table.lines.append(line)
