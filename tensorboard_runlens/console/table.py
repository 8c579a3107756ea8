"""A training's printed epochs as a result table, under the names and numbers of its framework's file."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.console.epochs import Epoch
from tensorboard_runlens.console.training import Training
from tensorboard_runlens.formats.table import MAX_COLUMNS, Table
from tensorboard_runlens.releases.evidence import release
from tensorboard_runlens.releases.ultralytics import LAST_FROM_ZERO
from tensorboard_runlens.run import Floats

ULTRALYTICS = "ultralytics"
NAMES = {
    "precision": "precision",
    "recall": "recall",
    "map50": "mAP50",
    "map50_95": "mAP50-95",
    "top1": "accuracy_top1",
    "top5": "accuracy_top5",
    "miou": "mIoU",
    "pixel_accuracy": "pixel_acc",
}
YOLOV5_NAMES = {**NAMES, "map50": "mAP_0.5", "map50_95": "mAP_0.5:0.95"}
LETTERS = {"box": "(B)", "mask": "(M)", "pose": "(P)"}


def framework(training: Training) -> str:
    """Who printed it: by its own name, or else by the words of its tables."""
    tables = training.tables
    if training.framework:
        return training.framework
    is_yolov5 = "obj" in tables.words or "obj_loss" in tables.words or tables.brackets is False
    return "yolov5" if is_yolov5 and not _classifies(training) else ULTRALYTICS


def _classifies(training: Training) -> bool:
    return any("classify" in epoch.metrics for epoch in training.tables.epochs)


def fill(table: Table, training: Training) -> None:
    """Puts a row for each printed epoch into an empty table."""
    epochs = training.tables.epochs
    (first, is_yolov5) = (first_number(training), framework(training) != ULTRALYTICS)
    columns: dict[str, Floats] = {}
    for row, epoch in enumerate(epochs):
        number = {"epoch": float(epoch.number - 1 + first)}
        for name, value in {**number, **epoch.columns, **_metrics(epoch, is_yolov5)}.items():
            if name not in columns and len(columns) < MAX_COLUMNS:
                columns[name] = np.full(len(epochs), np.nan)
            if name in columns:
                columns[name][row] = value
    table.columns = columns
    table.lines = [epoch.line for epoch in epochs]
    table.rows = len(epochs)
    if len(columns) >= MAX_COLUMNS:
        said = f"{MAX_COLUMNS} columns or more; RunLens reads the first {MAX_COLUMNS}"
        table.say(None, "too_wide", said)


def first_number(training: Training) -> int:
    """The number in the results file of the epoch that is printed as 1.

    YOLOv5 and YOLOv7 count from 0 in both places, Ultralytics from 1; its early releases and YOLOv5's
    classifier print from 1 and write from 0.
    """
    if _is_yolov5s_classifier(training):
        return 0
    return 0 if framework(training) == ULTRALYTICS and _is_early(training) else 1


def _is_yolov5s_classifier(training: Training) -> bool:
    return "top1_acc" in training.tables.words


def _is_early(training: Training) -> bool:
    version = str(training.facts.get("version", ""))
    parts = version.split(".")
    known = len(parts) == 3 and all(part.isdecimal() for part in parts)
    return known and release(version) <= release(LAST_FROM_ZERO)


def planned(training: Training) -> Optional[int]:
    """Epochs that the lines announce: "0/299" and "1/300" are 300 both."""
    epochs = training.tables.epochs
    if not epochs:
        return None
    from_zero = framework(training) != ULTRALYTICS and not _is_yolov5s_classifier(training)
    return epochs[-1].last + 1 if from_zero else epochs[-1].last


def _metrics(epoch: Epoch, is_yolov5: bool) -> dict[str, float]:
    names = YOLOV5_NAMES if is_yolov5 else NAMES
    only_boxes = is_yolov5 and list(epoch.metrics) == ["box"]
    return {
        f"metrics/{names[name]}{'' if only_boxes else LETTERS.get(group, '')}": value
        for (group, named) in epoch.metrics.items()
        for (name, value) in named.items()
    }
