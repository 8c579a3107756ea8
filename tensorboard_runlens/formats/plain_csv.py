"""A home-made csv: an epoch column and losses under names of its author's own, such as box_loss and val_box_loss."""

from __future__ import annotations

import re
from typing import Optional

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Arguments, Format, results_csv
from tensorboard_runlens.formats.columns import METRIC_NAMES
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import Table, first_line, names, quoted
from tensorboard_runlens.run import Floats

STANDARD_NAME = "results.csv"
OWN_LOSS = re.compile(
    r"^(?:(?P<side>train|val|valid|validation|test)[_ ])?(?P<name>\w*?)_?loss$", re.IGNORECASE
)
OWN_LEARNING_RATE = ("lr", "learning_rate")


def framework_name(column: str) -> Optional[str]:
    """The name that a framework would have given this column, None for a word that is not understood."""
    if column.lower() == "epoch":
        return "epoch"
    if column in METRIC_NAMES:
        return f"metrics/{column}"
    if column.lower() in OWN_LEARNING_RATE:
        return "lr/pg0"
    match = OWN_LOSS.match(column)
    if match is None:
        return None
    side = "train" if (match["side"] or "train").lower() == "train" else "val"
    return f"{side}/{match['name']}_loss" if match["name"] else f"{side}/loss"


def recognise(folder: Folder, name: str) -> bool:
    """An epoch column, and losses or metrics in words that can be understood; results.csv whatever it holds."""
    if not name.lower().endswith(".csv"):
        return False
    if name == STANDARD_NAME:
        return True
    meanings = [framework_name(column) for column in names(first_line(folder.head(name)))]
    return "epoch" in meanings and any(meaning and "/" in meaning for meaning in meanings)


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The table with its columns renamed, and its history."""
    table = results_csv.load(folder, name)
    renamed: dict[str, Floats] = {}
    for column, values in table.columns.items():
        meaning = framework_name(column) or column
        if meaning in renamed:
            said = f"{quoted(column)} means the same as a column before it and is left out"
            table.say(1, "same_meaning", said)
        else:
            renamed[meaning] = values
    table.columns = renamed
    return results_csv.understood(table)


def framework(table: Table, arguments: Arguments) -> str:
    """A home-made table does not say what trained the model; beside a damaged one arguments may."""
    return "unknown" if table.columns else results_csv.framework(table, arguments)


FORMAT = Format("plain csv", 30, recognise, read, framework, results_csv.task)
