"""A report as one flat table for a spreadsheet or a script.

A text that a spreadsheet would take for a formula begins with an apostrophe, as spreadsheets themselves mark text.
"""

from __future__ import annotations

import csv
import io
from typing import Union

from tensorboard_runlens.plain_values import rounded
from tensorboard_runlens.report.document import Cell, Report
from tensorboard_runlens.report.formats import Beside, Format
from tensorboard_runlens.report.text import printable

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs, also in full width, from which on spreadsheets calculate."""


def written(cell: Cell) -> Union[int, float, str]:
    """A number as it is, nothing for a missing one, a text that stays a text."""
    if isinstance(cell, float):
        value = rounded(cell)
        return "" if value is None else value
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = printable(cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def render(report: Report, beside: Beside) -> bytes:
    """A header, and a line a row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(written, report.rows.columns))
    writer.writerows(map(written, row) for row in report.rows.rows)
    return buffer.getvalue().encode("utf-8")


FORMAT = Format("csv", "text/csv; charset=utf-8", render)
