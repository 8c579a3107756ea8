"""A home-made csv: an epoch column and losses or metrics under names of its author's own."""

from __future__ import annotations

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Arguments, Format, every_file, home_made, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import MAX_COLUMNS, Table, first_line, names

STANDARD_NAME = "results.csv"
ULTRALYTICS_ARGUMENTS = {"imgsz", "close_mosaic", "lr0", "patience"}
"""YOLOv5 has no close_mosaic and YOLOv7 no imgsz; a script around Ultralytics passes its arguments on."""

FRAMEWORKS_KINDS = {"metric", "lr"}
"""A column of one of these kinds under a framework's name tells that the framework wrote the table."""


def recognise(folder: Folder, name: str) -> bool:
    """An epoch column, and losses or metrics in words that can be understood; results.csv whatever it holds."""
    if not name.lower().endswith(".csv"):
        return False
    columns = names(first_line(folder.head(name)))
    return is_home_made(columns) or (
        name == STANDARD_NAME and not results_csv.recognise(folder, name)
    )


def is_home_made(columns: list[str]) -> bool:
    """Whether these columns, none of which only a framework writes, are an epoch and its losses or metrics."""
    if len(columns) > MAX_COLUMNS or {place(column).kind for column in columns} & FRAMEWORKS_KINDS:
        return False
    meanings = home_made.understood(columns).meaning.values()
    return "epoch" in meanings and any("/" in meaning for meaning in meanings)


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The table with its columns renamed, and its history."""
    table = results_csv.load(folder, name)
    home_made.rename(table)
    return results_csv.understood(table)


def framework(table: Table, arguments: Arguments) -> str:
    """Who trained the model, as the arguments beside a home-made table say: only one framework has all these."""
    if arguments.keys() >= ULTRALYTICS_ARGUMENTS or arguments.keys() >= {"task", "mode"}:
        return "ultralytics"
    return "unknown" if table.columns else results_csv.framework(table, arguments)


FORMAT = Format("plain csv", 9, every_file(recognise), read, framework, results_csv.task)
