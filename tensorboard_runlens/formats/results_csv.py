"""results.csv, also under another name: Ultralytics (all tasks), YOLOv5, YOLOv9 and their forks.

Recognised by its columns: an epoch and one more that a framework writes. Who wrote it: YOLOv5 says
metrics/mAP_0.5 and x/lr0, Ultralytics metrics/mAP50(B) and lr/pg0.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Optional

from tensorboard_runlens.folder import MAX_TABLE_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, every_file
from tensorboard_runlens.formats.columns import place, task_of
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import Table, first_line, names, parse
from tensorboard_runlens.run import Problem

NO_EPOCHS = "no_epoch_column"
"""Kind of the problem that a table is no training at all."""

YOLOV5_MARKS = ("mAP_0.5", "HBBmAP", "x/lr", "test/loss", "lr/0")
TASKS = ("detect", "obb", "segment", "pose", "classify", "semantic")
ULTRALYTICS_MARKS = ("mAP50", "lr/pg", "accuracy_top1", "mIoU", "metrics/")


def recognise(folder: Folder, name: str) -> bool:
    """A csv with metrics under a framework's name, or an epoch column and losses.

    Metrics without epochs (the evolve.csv of a hyper-parameter search) are no run, and that is said.
    """
    if not name.lower().endswith(".csv"):
        return False
    columns = names(first_line(folder.head(name)))
    kinds = {place(column).kind for column in columns}
    return "metric" in kinds or ("epoch" in kinds and bool(kinds & {"train", "val"}))


def load(folder: Folder, name: str) -> Table:
    """The table as it stands there; a file that is not read is a problem of an empty one."""
    try:
        return parse(name, folder.read(name, MAX_TABLE_BYTES))
    except FileRefused as refusal:
        return Table(name, {}, [], 0, [Problem(name, None, "refused", str(refusal))])


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The table and its history."""
    return understood(load(folder, name))


def understood(table: Table) -> tuple[Table, Reading]:
    """A table under the frameworks' names, and its history."""
    if table.columns and "epoch" not in table.columns:
        table.say(1, NO_EPOCHS, "no column called epoch: not the results of one training")
    return (table, build(table))


def framework(table: Table, arguments: Arguments) -> str:
    """Who wrote the table: ultralytics, yolov5 or unknown."""
    if _any_has(table.columns, YOLOV5_MARKS):
        return "yolov5"
    if _any_has(table.columns, ULTRALYTICS_MARKS):
        return "ultralytics"
    if not table.columns and "task" in arguments:
        return "ultralytics"
    return "unknown"


def task(table: Table, arguments: Arguments) -> str:
    """What was trained: proved by the columns, else as the arguments say; boxes alone are detection."""
    places = {column: place(column) for column in table.columns}
    proved = task_of(places)
    if proved:
        return proved
    boxes = any(where.group == "box" for where in places.values())
    return stated_task(arguments) or ("detect" if boxes else "unknown")


def stated_task(arguments: Arguments) -> Optional[str]:
    """The task that the arguments name, None where it is none that RunLens knows."""
    stated = arguments.get("task")
    return stated if isinstance(stated, str) and stated in TASKS else None


def _any_has(columns: Collection[str], marks: tuple[str, ...]) -> bool:
    return any(mark in column for column in columns for mark in marks)


FORMAT = Format("results.csv", 10, every_file(recognise), read, framework, task)
