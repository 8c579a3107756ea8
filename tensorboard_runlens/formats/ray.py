"""A trial of Ray Tune: progress.csv and result.json, both with a row for each report of the training.

    _tune_2f3a1_00000_0_lr0=0.01_2024-05-01_12-00-00/{params.json, progress.csv, result.json}

Half of the columns are Ray's book-keeping and the trial's settings. What a trainable reports to a
search without saying on which images it was measured is what the search ranks trials by: it is read
as validation, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from tensorboard_runlens.folder import MAX_TABLE_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, home_made, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.metric_words import number_of
from tensorboard_runlens.formats.table import MAX_COLUMNS, Table, cells, decode, names, quoted
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import Problem

TABLE = "progress.csv"
LINES = "result.json"
MARK = "training_iteration"
"""Ray's count of reports, in every row of both files."""

SECONDS = "time_total_s"
MAX_ROWS = 100_000
"""Reports of a trial that are read; one an epoch is the rule."""

MEASURED = {"train", "val", "metric"}
"""Reinforcement learning reports rewards and episodes: a trial without any of these is no run."""

Row = Mapping[str, Any]


def find(folder: Folder) -> list[str]:
    """The trial's table; its JSON lines where the table was not written or is empty."""
    return [name for name in (TABLE, LINES) if _is_rays(folder, name)][:1]


def _is_rays(folder: Folder, name: str) -> bool:
    return name in folder.files and MARK.encode() in folder.head(name)


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The trial's reports under names that are known, and its history."""
    table = Table(name, {}, [], 0)
    try:
        text = decode(folder.read(name, MAX_TABLE_BYTES)) or ""
    except FileRefused as refusal:
        table.problems.append(Problem(name, None, "refused", str(refusal)))
        text = ""
    lines = text.replace("\0", "").split("\n")
    reports = _json_rows(table, lines) if name == LINES else _csv_rows(lines)
    _fill(table, list(islice(reports, MAX_ROWS)))
    return (table, build(table))


def _csv_rows(lines: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """(line, report); a row cut short by a crash keeps what it has."""
    header = names(lines[0])[:MAX_COLUMNS]
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            yield (number, dict(zip(header, cells(line, ","))))


def _json_rows(table: Table, lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = plain_json.load(line)
        except plain_json.Damaged as error:
            table.say(number, "damaged", f"{error}; left out")
            continue
        if isinstance(document, dict):
            yield (number, document)


def _fill(table: Table, reports: list[tuple[int, Row]]) -> None:
    """The columns that RunLens has a word for, and the reports' count as the epoch where none is reported."""
    columns = list(dict.fromkeys(key for (_, report) in reports for key in report))
    known = [key for key in columns if isinstance(key, str) and _is_known(key)][:MAX_COLUMNS]
    epoch = "epoch" if "epoch" in known else MARK
    table.columns = {
        _validation(table, column): np.array(
            [_number(report.get(column)) for (_, report) in reports], np.float64
        )
        for column in known
        if column not in (SECONDS, "epoch", "time")
    }
    home_made.rename(table)
    if not {place(name).kind for name in table.columns} & MEASURED:
        said = f"{len(columns)} columns, no loss or metric that RunLens knows among them"
        table.say(None, "no_known_columns", said)
        table.columns = {}
        return
    for name, column in (("epoch", epoch), ("time", SECONDS)):
        if column in columns:
            values = [_number(report.get(column)) for (_, report) in reports]
            table.columns[name] = np.array(values, np.float64)
    table.lines = [line for (line, _) in reports]
    table.rows = len(reports)


def _is_known(column: str) -> bool:
    """Settings are repeated in every row as config/...: they were not measured."""
    return not column.startswith("config/") and home_made.is_known(column)


def _validation(table: Table, column: str) -> str:
    if place(column).kind != "other" or home_made.sided(column, "val") == column:
        return column
    said = f"{quoted(column)} is reported to a search without a side: read as validation"
    table.say(1, "no_side", said)
    return home_made.sided(column, "val")


def _number(cell: Any) -> float:
    value = number_of(cell)
    return np.nan if value is None else value


def framework(table: Table, arguments: Arguments) -> str:
    """Who trained, by the names of what was reported; Ray itself trains nothing."""
    return results_csv.framework(table, arguments) if table.columns else "unknown"


FORMAT = Format("Ray trial", 7, find, read, framework, results_csv.task)
