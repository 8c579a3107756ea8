"""Self-training of a segmentation net: one folder an iteration, each with its metrics.json.

    iteration_0_supervised/{metrics.json, model.pt, visualization.png}
    iteration_1_selftrain/{...}
    final_model.pt

Iterations take the place of epochs. The scripts are home-made, so key names are read tolerantly; an
iteration without numbers is named and left out, never filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.belonging import iteration_number, iterations
from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.metric_words import (
    MAX_FRACTION,
    MAX_UNKNOWN,
    PIXEL_WORDS,
    as_fractions,
    key_of,
    meaning,
    not_used,
    number_of,
    unused_number,
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
FINAL_MODEL = "final_model.pt"
"""What is written when the last iteration is done."""

Values = dict[str, float]


def find(folder: Folder) -> list[str]:
    """One table for a folder with iterations."""
    return [TABLE] if iterations(folder) else []


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """A row for each iteration with metrics, and the history over iterations."""
    table = Table(name, {}, [], 0)
    rows: dict[int, Values] = {}
    unused: list[str] = []
    for part in iterations(folder):
        number = iteration_number(part)
        values = _read_iteration(folder, part, table, unused)
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
    if unused:
        table.say(None, "not_used", not_used(unused))
    columns = dict.fromkeys(["epoch", *(name for row in rows.values() for name in row)])
    table.columns = {
        column: np.array([row.get(column, np.nan) for row in rows.values()], np.float64)
        for column in columns
    }
    table.lines = list(range(1, len(rows) + 1))
    table.rows = len(rows)
    return (table, build(table, planned=_announced(folder, rows)))


def _announced(folder: Folder, rows: Mapping[int, Values]) -> Optional[int]:
    """How many iterations the folders tell of where the last has no numbers; else the last may not be the end."""
    last = max(map(iteration_number, iterations(folder)), default=-1)
    return None if last in rows or last < 0 else last + 1


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


def _read_iteration(folder: Folder, part: str, table: Table, unused: list[str]) -> Values:
    below = folder.below(part)
    if below is None or METRICS_FILE not in below.files:
        done = FINAL_MODEL in folder.files
        why = "its numbers are missing" if done else "it goes on, or broke off"
        _say(table, part, "no_metrics", f"this iteration has no metrics.json: {why}")
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
    return _understood(table, part, document, unused)


def _understood(table: Table, part: str, document: Mapping[str, Any], unused: list[str]) -> Values:
    found: dict[str, Any] = {}
    losses: Values = {}
    unknown: dict[str, Any] = {}
    for key, value in _flat(document):
        (name, number) = (meaning(key, PIXEL_WORDS), number_of(value))
        if number is None or (name is None and key_of(key) not in LOSS_WORDS):
            unknown.setdefault(key, value)
        elif name is None:
            losses.setdefault(LOSS_WORDS[key_of(key)], number)
        else:
            found.setdefault(name, value)
    fractions = _fractions(table, part, found)
    if not fractions:
        _say(table, part, "not_metrics", f"no metric that RunLens knows{_listed(unknown)}")
        return {}
    unused += [key for (key, value) in unknown.items() if unused_number(key, value)]
    return {**{f"pixel/{name}": value for (name, value) in fractions.items()}, **losses}


def _fractions(table: Table, part: str, found: Mapping[str, Any]) -> Values:
    """The metrics as fractions; what is read otherwise than it stands there, or left out, is said."""
    (fractions, percent) = as_fractions(found)
    if percent:
        _say(table, part, "percent", "these metrics are percentages; they are read as fractions")
    for name in sorted(found.keys() - fractions.keys()):
        value = number_of(found[name]) or 0.0
        unclear = percent and 0 < value <= MAX_FRACTION
        why = "may be a percentage or a fraction" if unclear else "is no fraction"
        _say(table, part, "not_a_fraction", f"{name}: {value:g} {why}; left out")
    return fractions


def _listed(unknown: Mapping[str, Any]) -> str:
    first = list(unknown)[:MAX_UNKNOWN]
    return f" among {', '.join(map(quoted, first))}" if first else ""


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
