"""Self-training of a segmentation net: one folder an iteration, each with its metrics.json.

    iteration_0_supervised/{metrics.json, model.pt, visualization.png}
    iteration_1_selftrain/{...}
    final_model.pt

Iterations take the place of epochs. The scripts are home-made, so key names are read tolerantly; an
iteration without numbers is named and left out, never filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tensorboard_runlens.belonging import iteration_number, iterations
from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.metric_words import (
    MAX_FRACTION,
    PIXEL_WORDS,
    as_fractions,
    key_of,
    meaning,
    number_of,
)
from tensorboard_runlens.formats.table import MAX_SAID, Table, decode, quoted
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import Problem

METRICS_FILE = "metrics.json"
TABLE = f"iteration_*/{METRICS_FILE}"
"""What the files of all iterations are called together."""

TRAINING_WORDS = ("train", "training")
LOSS_WORDS = {
    "trainloss": "train/loss",
    "trainingloss": "train/loss",
    "loss": "val/loss",
    "valloss": "val/loss",
    "validationloss": "val/loss",
}
MAX_UNKNOWN = 5
"""Keys that are named when they are not understood."""

Values = dict[str, float]


def find(folder: Folder) -> list[str]:
    """One table for a folder with iterations."""
    return [TABLE] if iterations(folder) else []


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """A row for each iteration with metrics, and the history over iterations."""
    table = Table(name, {}, [], 0)
    rows: dict[int, Values] = {}
    for part in iterations(folder):
        number = iteration_number(part)
        values = _read_iteration(folder, part, table)
        if values and number in rows:
            _say(
                table,
                part,
                "same_iteration",
                f"iteration {number} stands twice; the first folder is used",
            )
        elif values:
            rows[number] = {"epoch": float(number), **values}
    _say_missing(table, rows)
    columns = dict.fromkeys(["epoch", *(name for row in rows.values() for name in row)])
    table.columns = {
        column: np.array([row.get(column, np.nan) for row in rows.values()], np.float64)
        for column in columns
    }
    table.lines = list(range(1, len(rows) + 1))
    table.rows = len(rows)
    return (table, build(table))


def _say(table: Table, part: str, kind: str, problem: str) -> None:
    """Adds a problem of an iteration; of many alike only the first are listed."""
    if sum(known.kind == kind for known in table.problems) < MAX_SAID:
        table.problems.append(Problem(f"{part}/{METRICS_FILE}", None, kind, problem))


def _say_missing(table: Table, rows: Mapping[int, Values]) -> None:
    """Names the iterations between the first possible and the last that is there."""
    missing = [number for number in range(max(rows, default=0)) if number not in rows]
    if missing:
        listed = ", ".join(map(str, missing[:MAX_UNKNOWN]))
        said = f"no metrics of iteration {listed}, though later ones are there"
        table.say(None, "missing_iteration", said)


def _read_iteration(folder: Folder, part: str, table: Table) -> Values:
    below = folder.below(part)
    if below is None or METRICS_FILE not in below.files:
        _say(
            table,
            part,
            "no_metrics",
            "this iteration has no metrics.json: it goes on, or broke off",
        )
        return {}
    try:
        text = decode(below.read(METRICS_FILE, MAX_CONFIG_BYTES))
        document = plain_json.load(text or "")
    except (FileRefused, plain_json.Damaged) as error:
        _say(table, part, "damaged", str(error))
        return {}
    if not isinstance(document, dict):
        _say(table, part, "not_metrics", "not a list of metrics by name")
        return {}
    return _understood(table, part, document)


def _understood(table: Table, part: str, document: Mapping[str, Any]) -> Values:
    found: Values = {}
    losses: Values = {}
    unknown: list[str] = []
    for key, value in _flat(document):
        (name, number) = (meaning(key, PIXEL_WORDS), number_of(value))
        if number is None or (name is None and key_of(key) not in LOSS_WORDS):
            unknown.append(key)
        elif name is None:
            losses.setdefault(LOSS_WORDS[key_of(key)], number)
        else:
            found.setdefault(name, number)
    (fractions, percent) = as_fractions(found)
    if percent:
        _say(table, part, "percent", "these metrics are percentages; they are read as fractions")
    for name in sorted(found.keys() - fractions.keys()):
        unclear = percent and 0 < found[name] <= MAX_FRACTION
        why = "may be a percentage or a fraction" if unclear else "is no fraction"
        _say(table, part, "not_a_fraction", f"{name}: {found[name]:g} {why}; left out")
    if not fractions:
        _say(table, part, "not_metrics", f"no metric that RunLens knows{_listed(unknown)}")
        return {}
    return {**{f"pixel/{name}": value for (name, value) in fractions.items()}, **losses}


def _listed(unknown: list[str]) -> str:
    return f" among {', '.join(quoted(key) for key in unknown[:MAX_UNKNOWN])}" if unknown else ""


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys and values with those of inner objects; what was measured on training data is not validation."""
    for key, value in document.items():
        if not isinstance(value, dict):
            yield (key, value)
        elif key_of(key) not in TRAINING_WORDS:
            yield from _flat(value)


def framework(table: Table, arguments: Arguments) -> str:
    return "selftraining"


def task(table: Table, arguments: Arguments) -> str:
    """Pixel-wise precision, recall, F1 and IoU are those of a segmentation map."""
    return "semantic"


def files(folder: Folder, name: str) -> list[str]:
    """The metrics.json of every iteration that has one."""
    return [
        f"{part}/{METRICS_FILE}"
        for part in iterations(folder)
        if (below := folder.below(part)) and METRICS_FILE in below.files
    ]


FORMAT = Format("self-training", 5, find, read, framework, task, axis="iteration", files=files)
