"""Tables with several rows an epoch, such as metrics.csv of PyTorch Lightning's CSVLogger.

Lightning logs against a global step: training losses every fiftieth batch, validation at an epoch's
end, learning rates at its start, each in a row of its own. The epoch stands beside most of them and
makes the rows one: the mean of the training losses, the last of everything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Optional

import numpy as np

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Format, every_file, home_made, plain_csv, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import Table, first_line, names

STEP_COLUMNS = frozenset({"step", "global_step", "iter", "iteration", "batch"})
ROUNDING = 1e-6
"""Hugging Face writes parts of epochs, .5 in the midst of the first; 1.0000001 still ends it."""

Row = dict[str, float]


def recognise(folder: Folder, name: str) -> bool:
    """A home-made csv whose rows count both epochs and steps."""
    if not name.lower().endswith(".csv"):
        return False
    columns = names(first_line(folder.head(name)))
    return bool(_steps(columns)) and plain_csv.is_home_made(columns)


def _steps(columns: Iterable[str]) -> list[str]:
    return [column for column in columns if column.lower() in STEP_COLUMNS]


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The table with a row for each epoch, and its history."""
    table = results_csv.load(folder, name)
    for column in _steps(table.columns):
        del table.columns[column]
    _cut(table)
    home_made.rename(table)
    if "epoch" in table.columns:
        _merge(table)
    return results_csv.understood(table)


def _cut(table: Table) -> None:
    """Leaves out the test after training, and columns that held nothing else."""
    finite = {name: np.isfinite(values) for (name, values) in table.columns.items()}
    measured = [
        [name for (name, there) in finite.items() if there[row]] for row in range(len(table.lines))
    ]
    count = training_rows(measured)
    if count < len(measured):
        kept = {name: values[:count] for (name, values) in table.columns.items()}
        table.columns = {name: kept[name] for name in kept if finite[name][:count].any()}
        table.lines = table.lines[:count]


def training_rows(measured: Sequence[Iterable[str]]) -> int:
    """How many rows, of which the names of what was measured are given, come before the test after training.

    Lightning's trainer.test logs one epoch past the last. Where rows before the end hold nothing but
    test results too, all of them belong to epochs.
    """
    tests = [_is_test(names) for names in measured]
    count = len(tests)
    while count and tests[count - 1]:
        count -= 1
    return count if count and not any(tests[:count]) else len(tests)


def _is_test(names: Iterable[str]) -> bool:
    words = [word for name in names if (word := home_made.word(name))]
    sides = {word.side for word in words if word.kind in ("loss", "metric")}
    return sides == {"test"}


def _merge(table: Table) -> None:
    """Makes the rows of each epoch one; its line is that of the first."""
    columns = table.columns
    rows = [
        {name: float(values[row]) for (name, values) in columns.items()}
        for row in range(len(table.lines))
    ]
    merged = by_epoch([rows])
    table.columns = {
        name: np.array([row[name] for (_, row) in merged], np.float64) for name in columns
    }
    table.lines = [table.lines[first] for (first, _) in merged]
    table.rows = len(merged)


def by_epoch(files: Sequence[Sequence[Row]]) -> list[tuple[int, Row]]:
    """(position of its first row in all files, values) of each epoch, in order of writing.

    All rows have the same names; NaN is missing. A row without an epoch belongs to that of the next
    in its file that has one: learning rates are logged before the first batch. Files without any
    epoch give no row.
    """
    rows = [row for file in files for row in file]
    epochs = [epoch for file in files for epoch in _epochs([row["epoch"] for row in file])]
    numbered = [(epoch, row) for (row, epoch) in enumerate(epochs) if epoch is not None]
    merged = []
    for epoch, group in groupby(numbered, key=lambda one: one[0]):
        positions = [position for (_, position) in group]
        inside = [rows[position] for position in positions]
        values = {name: together(name, [row[name] for row in inside]) for name in inside[0]}
        merged.append((positions[0], {**values, "epoch": epoch}))
    return merged


def _epochs(logged: Sequence[float]) -> list[Optional[float]]:
    """The epoch of each row: what it says, what the next says, or at the end what was said last."""
    known = [math.ceil(epoch - ROUNDING) if math.isfinite(epoch) else None for epoch in logged]
    epochs: list[Optional[float]] = []
    following: Optional[float] = next(
        (epoch for epoch in reversed(known) if epoch is not None), None
    )
    for epoch in reversed(known):
        following = following if epoch is None else epoch
        epochs.append(following)
    return epochs[::-1]


def together(name: str, values: Sequence[float]) -> float:
    """The value of an epoch: the mean of a training loss, the last of anything else; NaN where none was logged."""
    finite = [value for value in values if not math.isnan(value)]
    if not finite:
        return math.nan
    return sum(finite) / len(finite) if place(name).kind == "train" else finite[-1]


FORMAT = Format(
    "Lightning csv", 8, every_file(recognise), read, plain_csv.framework, results_csv.task
)
