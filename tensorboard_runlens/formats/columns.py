"""What the frameworks call their columns, and where each belongs in a History.

Column names and TensorBoard tags are the same words, so result tables and event files share this
page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

GROUP_OF_LETTER = {"B": "box", "M": "mask", "P": "pose"}
"""Ultralytics' suffixes: (B) is Box, not best."""

METRIC_NAMES = {
    "precision": "precision",
    "recall": "recall",
    "mAP50": "map50",
    "mAP50-95": "map50_95",
    "mAP_0.5": "map50",
    "mAP_0.5:0.95": "map50_95",
    "HBBmAP.5": "map50",
    "HBBmAP.5:.95": "map50_95",
}
"""Detection metrics of Ultralytics, YOLOv5, YOLOv7 and yolov5-obb."""

OTHER_METRICS = {
    "metrics/accuracy_top1": ("classify", "top1"),
    "metrics/accuracy_top5": ("classify", "top5"),
    "metrics/mIoU": ("pixel", "miou"),
    "metrics/pixel_acc": ("pixel", "pixel_accuracy"),
}

LOSS = re.compile(r"^(?P<side>train|val|test)/(?P<name>[^/]+)$")
OWN_METRIC = re.compile(
    r"^(?:pixel/(?P<pixel>\w+)|(?P<group>box|mask|pose)/(?P<box>precision|recall|f1|map50|map50_95)"
    r"|classify/(?P<classify>top[15]))$"
)
OWN_LEARNING_RATE = re.compile(r"^learning_rate/([\w.-]+)$")
"""What RunLens itself calls columns of files that have no framework's names."""

METRIC = re.compile(r"^metrics/(?P<name>[^(]+?)(?:\((?P<letter>[BMP])\))?$")
LEARNING_RATE = re.compile(r"^(?:lr/(?P<group>pg\d+)|x/(?P<old>lr\d+)|lr/(?P<only>\d+))$")


@dataclass(frozen=True)
class Place:
    """Where a column belongs: ``kind`` is epoch, seconds, train, val, metric, lr or other."""

    kind: str
    name: str
    group: str = ""


def place(column: str) -> Place:
    """The place of a column or tag; ``other`` for words that RunLens does not know."""
    if column == "epoch":
        return Place("epoch", column)
    if column == "time":
        return Place("seconds", column)
    return _metric(column) or _loss(column) or _learning_rate(column) or Place("other", column)


def _metric(column: str) -> Optional[Place]:
    if column in OTHER_METRICS:
        (group, name) = OTHER_METRICS[column]
        return Place("metric", name, group)
    own = OWN_METRIC.match(column)
    if own:
        return Place("metric", own[own.lastgroup or 0], column.partition("/")[0])
    match = METRIC.match(column)
    if match is None or match["name"] not in METRIC_NAMES:
        return None
    return Place("metric", METRIC_NAMES[match["name"]], GROUP_OF_LETTER[match["letter"] or "B"])


def _loss(column: str) -> Optional[Place]:
    match = LOSS.match(column)
    if match is None:
        return None
    name = match["name"]
    short = name[: -len("_loss")] if name.endswith("_loss") else name
    return Place("train" if match["side"] == "train" else "val", short or name)


def _learning_rate(column: str) -> Optional[Place]:
    own = OWN_LEARNING_RATE.match(column)
    if own:
        return Place("lr", own[1])
    match = LEARNING_RATE.match(column)
    if match is None:
        return None
    return Place("lr", match["group"] or match["old"] or f"lr{match['only']}")


def task_of(places: dict[str, Place]) -> Optional[str]:
    """The task that the columns prove, None where they leave it open (boxes may be upright or rotated)."""
    groups = {where.group for where in places.values() if where.kind == "metric"}
    losses = {where.name for where in places.values() if where.kind in ("train", "val")}
    for group, task in (
        ("mask", "segment"),
        ("pose", "pose"),
        ("classify", "classify"),
        ("pixel", "semantic"),
    ):
        if group in groups and (group != "pixel" or "box" not in groups):
            return task
    if losses & {"angle", "theta"}:
        return "obb"
    return None
