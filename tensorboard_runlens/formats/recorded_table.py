"""RUN/runlens/epochs.jsonl as the result table of a run that has no other: a training loop with a ``Recorder``.

A framework's own event files say more than what was recorded beside them, and are read instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Optional

import msgspec
import numpy as np

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Arguments, Format, home_made, results_csv
from tensorboard_runlens.formats.event_files import event_files
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.recorded import manifest_of, rows_of
from tensorboard_runlens.formats.recorded_fields import Epoch
from tensorboard_runlens.formats.table import MAX_COLUMNS, MAX_NAME, Table
from tensorboard_runlens.naming import shown
from tensorboard_runlens.recording.layout import EPOCHS, FOLDER
from tensorboard_runlens.run import RECORDED

TABLE = f"{FOLDER}/{EPOCHS}"
FITNESS = "fitness"

MAX_CELLS = 1_000_000
"""Losses and metrics of all epochs: 5,000 epochs, the longest real training, with 40 each have 200,000."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Named = Annotated[dict[Name, Optional[float]], msgspec.Meta(max_length=MAX_COLUMNS)]


class Row(msgspec.Struct, frozen=True):
    """What of a line belongs in a History."""

    epoch: Epoch
    seconds: Optional[float] = None
    fitness: Optional[float] = None
    train: Named = {}
    val: Named = {}
    metrics: Annotated[dict[Name, Named], msgspec.Meta(max_length=MAX_COLUMNS)] = {}
    lr: Named = {}
    values: Named = {}


def find(folder: Folder) -> list[str]:
    """The recording, where nothing says more."""
    below = folder.below(FOLDER)
    if below is None or EPOCHS not in below.files:
        return []
    if event_files(folder):
        manifest = manifest_of(below, [])
        return [TABLE] if manifest and manifest.framework == RECORDED else []
    return [TABLE]


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """A row for each epoch that counts."""
    table = Table(name, {}, [], 0)
    below = folder.below(FOLDER)
    manifest = None if below is None else manifest_of(below, table.problems)
    rows = {} if below is None or manifest is None else _rows(below, table)
    cells = [dict(_cells(row)) for row in rows.values()]
    columns = dict.fromkeys(column for row in cells for column in row)
    if len(columns) > MAX_COLUMNS:
        said = f"{len(columns)} losses and metrics; the first {MAX_COLUMNS} are read"
        table.say(None, "too_wide", said)
    table.columns = {
        column: np.array([row.get(column, np.nan) for row in cells], np.float64)
        for column in list(columns)[:MAX_COLUMNS]
    }
    if any(row.values for row in rows.values()):
        home_made.rename(table)
    if "time" in table.columns:
        with np.errstate(over="ignore"):  # seconds that nothing can have taken
            table.columns["time"] = np.cumsum(table.columns["time"])
    (table.lines, table.rows) = (list(rows), len(rows))
    return (table, build(table, planned=manifest.epochs if manifest else None))


def _rows(below: Folder, table: Table) -> dict[int, Row]:
    """The rows by line, in order of epoch, as many as their cells allow."""
    rows: dict[int, Row] = {}
    left = MAX_CELLS
    for number, row in rows_of(below, Row, table.problems):
        named = (row.train, row.val, row.lr, row.values, *row.metrics.values())
        left -= sum(map(len, named))
        if left < 0:
            said = f"more than {MAX_CELLS:,} losses and metrics of all epochs; the first are read"
            table.say(None, "too_large", said)
            break
        rows[number] = row
    return rows


def _cells(row: Row) -> Iterator[tuple[str, float]]:
    """Columns under the names that columns.py knows; what was not measured is left out."""
    numbers: Mapping[str, Optional[float]] = {
        "epoch": row.epoch,
        "time": row.seconds,
        FITNESS: row.fitness,
    }
    sides = {"train": row.train, "val": row.val, "learning_rate": row.lr, **row.metrics}
    yield from ((name, value) for (name, value) in numbers.items() if value is not None)
    for side, named in sides.items():
        for name, value in named.items():
            if value is not None:
                yield (f"{shown(side)}/{shown(name).replace('/', '_')}", value)
    yield from ((shown(name), value) for (name, value) in row.values.items() if value is not None)


def framework(table: Table, arguments: Arguments) -> str:
    """Whatever the program is: its files are nobody's in particular."""
    return RECORDED


FORMAT = Format("recording", 95, find, read, framework, results_csv.task, source="recording")
