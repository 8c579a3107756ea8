"""results.txt of YOLOv7, YOLOv5 up to v5.0 and their forks: blanks between columns, and no header.

One row is ``epoch/last  memory  [iteration]  losses...  total  targets  [lr]  image size  P R mAP@.5 mAP@.5:.95
validation losses...``. Forks add losses, so the layout is found from the numbers: the total is the
sum of the losses before it. YOLOv5 and YOLOv7 write the same 15 columns; only the argument files
beside tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.folder import MAX_TABLE_BYTES, FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, every_file
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import Table, decode
from tensorboard_runlens.run import Floats, Problem

STANDARD_NAME = "results.txt"
ANNOUNCED = "last epoch announced"
"""Column of what stands behind the slash in 37/99: it changes where a training goes on with another plan."""

FIRST_CELL = re.compile(r"^(\d{1,7})/(\d{1,7})$")
AFTER_EPOCH = re.compile(r"^\s*\d+/\d+\s+[\d.]+[A-Za-z]?\s")
MIN_CELLS = 13
"""epoch, memory, one loss, total, targets, image size, four metrics and three validation losses."""

METRICS = ("metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95")
LOSSES = {
    3: ("box", "obj", "cls"),
    4: ("box", "obj", "cls", "landmark"),
    5: ("box", "obj", "cls", "kpt", "kptv"),
}
"""Names by number of losses: the standard three, yolov5-face, yolov7-pose."""

VALIDATION = ("val/box_loss", "val/obj_loss", "val/cls_loss")
AFTER_LOSSES = 3 + len(METRICS) + len(VALIDATION)
"""Columns from the total on: total, targets, image size, metrics and validation losses."""

STANDARD_WIDTH = 15
"""Only YOLOv5 and YOLOv7 write so many; their layout is known even where no sum of losses is finite."""

YOLOV7_MARKS = ("yolov7", "partinet")
TELLING_ARGUMENTS = ("cfg", "weights", "weight", "hyp", "model", "backbone_detector")
"""Arguments whose file names tell the framework; those of folders and data are their user's words."""

YOLOV7_ARGUMENTS = ("loss_ota", "backbone_detector", "dual_backbone", "router_channels")
"""A hyper-parameter of YOLOv7, an option of PartiNet, and keys of its model definitions."""

ODD_SHARE = 0.1
"""Share of rows whose sum may be off all the same: damaged ones."""

SUM_TOLERANCE = 2e-3
"""The columns have four digits, so a sum of five may be off by this share of the total."""


def recognise(folder: Folder, name: str) -> bool:
    """results.txt, or a text file whose first row reads ``0/99  2.1G  ...``."""
    if not name.lower().endswith(".txt"):
        return False
    text = decode(folder.head(name))
    if name != STANDARD_NAME:
        return "results" in name.lower() and bool(AFTER_EPOCH.match(text or ""))
    if text is None or not text.strip():
        return True  # damaged, but this is where the run's results should be
    return any(AFTER_EPOCH.match(line) for line in text.splitlines()[:3]) or _has_header(text)


def _has_header(text: str) -> bool:
    words = (text.splitlines() or [""])[0].split()
    return words[:1] == ["epoch"] and "map50" in [word.lower() for word in words]


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The table under the names of YOLOv5's results.csv, and its history."""
    table = Table(name, {}, [], 0)
    try:
        text = decode(folder.read(name, MAX_TABLE_BYTES))
    except FileRefused as refusal:
        table.problems.append(Problem(name, None, "refused", str(refusal)))
        return (table, build(table))
    if text is None:
        table.say(None, "binary", "not text: the file is damaged or something else under this name")
        return (table, build(table))
    (rows, announced) = _rows(table, text)
    if not rows:
        if not _has_header(text):
            table.say(None, "empty", "no epoch in this file")
        return (table, build(table))
    table.columns = _columns(table, rows)
    table.columns[ANNOUNCED] = np.array(announced, np.float64)
    return (table, build(table, planned=announced[-1] + 1))


def _rows(table: Table, text: str) -> tuple[list[list[float]], list[int]]:
    """The rows as numbers, epoch first, and the last epoch number that each announces."""
    lines = text.split("\n")
    split = [
        (line, cells)
        for (line, cells) in ((n, raw.split()) for (n, raw) in enumerate(lines, 1))
        if cells
    ]
    if split and split[0][1][0] == "epoch":
        split = split[1:]
    width = len(split[0][1]) if split else 0
    rows: list[list[float]] = []
    announced: list[int] = []
    for line, cells in split:
        start = FIRST_CELL.match(cells[0])
        if start is None or "\0" in "".join(cells):
            table.say(line, "damaged", "this line is no row of results; it is left out")
            continue
        if line == len(lines) and (len(cells) < width or not table.rows):
            table.say(
                line,
                "half_written",
                f"{len(cells)} cells and no line end: the line is being written, left out",
            )
            continue
        table.rows += 1
        if len(cells) != width or width < MIN_CELLS:
            table.say(
                line,
                "odd_row",
                f"{len(cells)} cells where {max(width, MIN_CELLS)} are expected; left out",
            )
            continue
        announced.append(int(start[2]))
        table.lines.append(line)
        rows.append([float(start[1]), *(_number(cell) for cell in cells[1:])])
    return (rows, announced)


def _number(cell: str) -> float:
    try:
        return float(cell.rstrip("GMKgmk"))
    except ValueError:
        return float("nan")


def _columns(table: Table, rows: Sequence[Sequence[float]]) -> dict[str, Floats]:
    """Columns by name; only the epoch where the layout is not understood."""
    values = np.array(rows, np.float64)
    columns = {"epoch": values[:, 0]}
    total = _total_column(values)
    if total is None:
        table.say(
            None,
            "unknown_layout",
            f"{values.shape[1]} columns in an unknown order: losses and metrics not read",
        )
        return columns
    width = values.shape[1]
    first_loss = 3 if _has_iteration(width, total) else 2
    names = LOSSES.get(total - first_loss) or tuple(f"loss{n}" for n in range(total - first_loss))
    for offset, name in enumerate(names):
        columns[f"train/{name}_loss"] = values[:, first_loss + offset]
    for offset, name in enumerate((*METRICS, *VALIDATION)):
        columns[name] = values[:, width - len(METRICS) - len(VALIDATION) + offset]
    return columns


def _has_iteration(width: int, total: int) -> bool:
    """Whether an iteration count stands before the losses: then a learning rate stands before the image size too."""
    return width - total == AFTER_LOSSES + 1


def _total_column(values: Floats) -> Optional[int]:
    """The column that is the sum of the losses before it, None where there is none."""
    plain: int = values.shape[1] - AFTER_LOSSES
    for total, first_loss in ((plain, 2), (plain - 1, 3)):
        parts = values[:, first_loss : max(total, 0)]
        if parts.shape[1] and _adds_up(parts.sum(axis=1), values[:, total]):
            return total
    return plain if values.shape[1] == STANDARD_WIDTH else None


def _adds_up(sums: Floats, totals: Floats) -> bool:
    known = np.isfinite(sums) & np.isfinite(totals)
    if not np.any(known) or not np.any(totals[known]):
        return False
    off = np.abs(sums[known] - totals[known]) > SUM_TOLERANCE * np.abs(totals[known]) + 1e-6
    return bool(off.mean() < ODD_SHARE)


def _file_name(path: Any) -> str:
    """The last part of a path in lower case: the folders above it are their owner's."""
    return re.split(r"[\\/]", path)[-1].lower() if isinstance(path, str) else ""


def framework(table: Table, arguments: Arguments) -> str:
    """YOLOv7 or YOLOv5, as the argument files say: the table is the same."""
    return stated(arguments)


def stated(arguments: Arguments) -> str:
    """YOLOv7 where arguments say so (loss_ota, a yolov7 configuration, PartiNet), otherwise YOLOv5."""
    words = " ".join(_file_name(arguments.get(name)) for name in TELLING_ARGUMENTS)
    said = any(name in arguments for name in YOLOV7_ARGUMENTS) or any(
        mark in words for mark in YOLOV7_MARKS
    )
    return "yolov7" if said else "yolov5"


def task(table: Table, arguments: Arguments) -> str:
    """What the arguments say: the table is the same."""
    return stated_task(arguments)


def stated_task(arguments: Arguments) -> str:
    """Detection, unless the arguments switch keypoints on."""
    return "pose" if arguments.get("kpt_label") else "detect"


FORMAT = Format("results.txt", 20, every_file(recognise), read, framework, task)
