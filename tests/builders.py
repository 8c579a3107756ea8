"""Writes small run folders as the frameworks do: result tables, arguments, event files, file times.

Every number is made up by ``value``: losses fall and metrics rise from epoch to epoch, so that any cell
can be told from its column and its epoch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_type_hints

import msgspec

BOX = ("metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)")
MASK = tuple(name.replace("(B)", "(M)") for name in BOX)
POSE = tuple(name.replace("(B)", "(P)") for name in BOX)
YOLOV5_BOX = (
    "metrics/precision",
    "metrics/recall",
    "metrics/mAP_0.5",
    "metrics/mAP_0.5:0.95",
)
YOLOV5_METRICS_OF = {
    letter: tuple(f"{name}({letter})" for name in YOLOV5_BOX) for letter in ("B", "M")
}
PG = ("lr/pg0", "lr/pg1", "lr/pg2")
X_LR = ("x/lr0", "x/lr1", "x/lr2")


def losses(side: str, *names: str) -> tuple[str, ...]:
    """Column names of losses: ``losses("val", "box")`` is ("val/box_loss",)."""
    return tuple(f"{side}/{name}_loss" for name in names)


def ultralytics(*names: str, metrics: Sequence[str] = BOX, time: bool = True) -> tuple[str, ...]:
    """The columns of an Ultralytics results.csv with these losses."""
    start = ("epoch", "time") if time else ("epoch",)
    return (*start, *losses("train", *names), *metrics, *losses("val", *names), *PG)


DETECT = ultralytics("box", "cls", "dfl")
DETECT_WITHOUT_TIME = ultralytics("box", "cls", "dfl", time=False)
SEGMENT = ultralytics("box", "seg", "cls", "dfl", metrics=(*BOX, *MASK))
POSE_COLUMNS = ultralytics("box", "pose", "kobj", "cls", "dfl", metrics=(*BOX, *POSE))
OBB = ultralytics("box", "cls", "dfl", "angle")
CLASSIFY = (
    "epoch",
    "time",
    "train/loss",
    "metrics/accuracy_top1",
    "metrics/accuracy_top5",
    "val/loss",
    *PG,
)
SEMANTIC = ultralytics("ce", "dice", "aux", metrics=("metrics/mIoU", "metrics/pixel_acc"))
YOLOV5 = (
    "epoch",
    *losses("train", "box", "obj", "cls"),
    *YOLOV5_BOX,
    *losses("val", "box", "obj", "cls"),
    *X_LR,
)
YOLOV9 = (
    "epoch",
    *losses("train", "box", "cls", "dfl"),
    *YOLOV5_BOX,
    *losses("val", "box", "cls", "dfl"),
    *X_LR,
)
YOLOV5_SEG = (
    "epoch",
    *losses("train", "box", "seg", "obj", "cls"),
    *YOLOV5_METRICS_OF["B"],
    *YOLOV5_METRICS_OF["M"],
    *losses("val", "box", "seg", "obj", "cls"),
    *X_LR,
)
YOLOV5_CLS = (
    "epoch",
    "train/loss",
    "test/loss",
    "metrics/accuracy_top1",
    "metrics/accuracy_top5",
    "lr/0",
)
YOLOV5_OBB = (
    "epoch",
    *losses("train", "box", "obj", "cls", "theta"),
    "metrics/precision",
    "metrics/recall",
    "metrics/HBBmAP.5",
    "metrics/HBBmAP.5:.95",
    *losses("val", "box", "obj", "cls", "theta"),
    *X_LR,
)

Row = dict[str, Any]


def value(column: str, epoch: float) -> float:
    """What the builders write in a cell; 5 significant digits survive every format."""
    offset = sum(map(ord, column)) % 97 / 1e4
    if column == "epoch":
        return epoch
    if column == "time":
        return round(10.0 * (epoch + 1), 5)
    if column.startswith("metrics/"):
        return round(0.3 + 0.002 * epoch + offset, 5)
    if column.startswith(("lr", "x/lr")):
        return round(0.01 - 1e-5 * epoch, 6)
    return round(2.0 - 0.01 * epoch + offset, 5)


def rows_of(
    columns: Sequence[str], epochs: Iterable[float], **same_in_every_row: float
) -> list[Row]:
    """A row for each epoch; what else is given stands in every row (names with "/" by ``**{}``)."""
    return [
        {**{name: value(name, epoch) for name in columns}, **same_in_every_row} for epoch in epochs
    ]


def csv_text(
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    padded: bool = False,
    end: str = "\n",
    separator: str = ",",
) -> str:
    """The table as Ultralytics writes it; ``padded`` as YOLOv5 and releases before 8.3.9 did."""
    lines = [list(columns), *([_cell(row[name]) for name in columns] for row in rows)]
    width = 23 if padded else 0
    return "".join(separator.join(cell.rjust(width) for cell in line) + end for line in lines)


def _cell(content: Any) -> str:
    return f"{content:.6g}" if isinstance(content, (int, float)) else str(content)


def write(path: Path, content: Union[str, bytes]) -> Path:
    """A file with exactly this content, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def write_csv(
    folder: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    name: str = "results.csv",
    padded: bool = False,
) -> Path:
    """A result table in a folder; the folder is returned."""
    write(folder / name, csv_text(columns, rows, padded))
    return folder


def write_detect(folder: Path, rows: Iterable[float] = range(1, 6), **arguments: Any) -> Path:
    """An Ultralytics detection run of these epochs; with arguments also its args.yaml. Returns the folder."""
    write_csv(folder, DETECT, rows_of(DETECT, rows))
    if arguments:
        write_args(folder, **arguments)
    return folder


def write_args(folder: Path, name: str = "args.yaml", **arguments: Any) -> Path:
    """An argument file; values are written as they stand."""
    write(folder / name, "".join(f"{key}: {content}\n" for (key, content) in arguments.items()))
    return folder


def write_events(
    folder: Path,
    scalars: Iterable[tuple[int, str, float]],
    started: int = 1_700_000_000,
) -> Path:
    """An event file with (step, tag, value) in this order, written by TensorBoard's own writer; returns the file."""
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    writer = EventFileWriter(str(folder))
    for step, tag, number in scalars:
        summary = summary_pb2.Summary(
            value=[summary_pb2.Summary.Value(tag=tag, simple_value=number)]
        )
        writer.add_event(event_pb2.Event(step=step, wall_time=started + step, summary=summary))
    writer.close()
    (written,) = set(folder.iterdir()) - before
    return written.rename(folder / f"events.out.tfevents.{started}.host.1.0")


def scalars_of(
    columns: Sequence[str], epochs: Iterable[int], **same_at_every_step: float
) -> list[tuple[int, str, float]]:
    """The event-file form of ``rows_of``: (step, tag, value) without epoch and time."""
    return [
        (int(row["epoch"]), tag, float(number))
        for row in rows_of(columns, epochs, **same_at_every_step)
        for (tag, number) in row.items()
        if tag not in ("epoch", "time")
    ]


def txt_row(epoch: int, last: int, cells: Sequence[float], memory: str = "2.1G") -> str:
    """A line of results.txt: ``epoch/last  memory  cells...``."""
    return f"{f'{epoch}/{last}':>10}{memory:>10}" + "".join(f"{cell:>10.4g}" for cell in cells)


def set_times(folder: Path, newest: float, spread: float) -> None:
    """Gives the folder's files modification times from ``newest - spread`` to ``newest``, results last."""
    files = sorted((path for path in folder.iterdir() if path.is_file()), key=_age)
    for position, path in enumerate(files):
        share = position / (len(files) - 1) if len(files) > 1 else 1.0
        moment = newest - spread * (1 - share)
        os.utime(path, (moment, moment))


def _age(path: Path) -> tuple[bool, str]:
    return (path.name.startswith("results"), path.name)


Answer = TypeVar("Answer", bound=msgspec.Struct)


def decoded(content: Union[str, bytes], kind: type[Answer]) -> Answer:
    """A JSON answer checked against its struct, field by field: msgspec 0.18 does not know ``Literal[True]``."""
    raw = json.loads(content)
    hints = get_type_hints(kind)
    assert set(raw) == set(hints)
    assert (raw.pop("ok"),) == get_args(hints["ok"])
    fields = {name: msgspec.convert(found, hints[name]) for (name, found) in raw.items()}
    return kind(ok=get_args(hints["ok"])[0], **fields)


def kinds(problems: Iterable[Any]) -> list[str]:
    """The kinds of problems, in order."""
    return [problem.kind for problem in problems]
