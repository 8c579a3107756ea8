"""The table of a hyper-parameter search: a row for each trial, so that no row is an epoch.

Ultralytics' tuner writes tune_results.csv (since 8.4 tune_results.ndjson), YOLOv5 and YOLOv7
evolve.csv. A search is no training; that is said, with what its trials came to, instead
of a curve drawn through them.
"""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.folder import MAX_TABLE_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.metric_words import number_of
from tensorboard_runlens.formats.results_csv import NO_EPOCHS
from tensorboard_runlens.formats.table import Table, decode, first_line, names
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import Floats, Problem

TABLES = ("tune_results.ndjson", "tune_results.csv", "evolve.csv")
"""Of several in one folder the first is read: the second is a copy in an older layout."""

FITNESS = "fitness"
MAX_TRIALS = 100_000
"""Lines of a search that are read; the tuner's default is 10 trials, YOLOv5's 300."""


def find(folder: Folder) -> list[str]:
    """The folder's search; the first of TABLES that has no epochs."""
    return [name for name in TABLES if name in folder.files and not _has_epochs(folder, name)][:1]


def _has_epochs(folder: Folder, name: str) -> bool:
    return "epoch" in names(first_line(folder.head(name)))


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """No epochs, and the problem that says what this is."""
    table = Table(name, {}, [], 0)
    try:
        trials = (
            _json_trials(folder, name) if name.endswith(".ndjson") else _csv_trials(folder, name)
        )
    except FileRefused as refusal:
        table.problems.append(
            Problem(name, None, NO_EPOCHS, f"a hyper-parameter search: {refusal}")
        )
    else:
        table.problems.append(Problem(name, None, NO_EPOCHS, _said(*trials)))
    return (table, build(table))


def _json_trials(folder: Folder, name: str) -> tuple[str, Floats]:
    """("fitness", that of each trial); NaN for a line that cannot be read."""
    text = decode(folder.read(name, MAX_TABLE_BYTES)) or ""
    lines = [line for line in text.split("\n") if line.strip()][:MAX_TRIALS]
    return (FITNESS, np.array([_fitness(line) for line in lines], np.float64))


def _fitness(line: str) -> float:
    try:
        document = plain_json.load(line)
    except plain_json.Damaged:
        return np.nan
    value = number_of(document.get(FITNESS)) if isinstance(document, dict) else None
    return np.nan if value is None else value


def _csv_trials(folder: Folder, name: str) -> tuple[str, Floats]:
    """(what trials are ranked by, its values); evolve.csv has no fitness, there mAP50-95 tells."""
    table = results_csv.load(folder, name)
    columns = {_measure(column): values for (column, values) in reversed(table.columns.items())}
    for measure in (FITNESS, "map50_95", "map50"):
        if measure in columns:
            return (measure.replace("map", "mAP").replace("_", "-"), columns[measure])
    return (FITNESS, np.full(len(table.lines), np.nan))


def _measure(column: str) -> str:
    where = place(column)
    return where.name if where.kind == "metric" else column


def _said(measure: str, values: Floats) -> str:
    number = len(values)
    trials = f"{number} trial{'' if number == 1 else 's'}"
    known = np.where(np.isfinite(values), values, -np.inf)
    best = ""
    if number and np.isfinite(known.max()):
        best = f", best {measure} {known.max():.3g} in trial {int(known.argmax()) + 1}"
    return f"a hyper-parameter search of {trials}{best}: not one training; its trials are runs of their own"


def _unknown(table: Table, arguments: Arguments) -> str:
    return "unknown"


FORMAT = Format("hyper-parameter search", 4, find, read, _unknown, _unknown)
