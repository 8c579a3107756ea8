"""The vocabulary: what a training run is, as facts and without judgement.

run       one training, one folder. Several result tables in one folder are several runs.
epoch     the number that the framework wrote (Ultralytics counts from 1, YOLOv5 and YOLOv7 from 0); never a row index.
row       a line of the result table that was read; History arrays are indexed by row, in order of epoch.
segment   an uninterrupted stretch of epochs. A run appended to the file of another begins a new segment; a resumed run
          goes on in the same one. A History holds the last segment only.
missing   a value that was not measured (column absent, validation not run, loss unused): NaN here,
null in JSON, never 0.
group     what a metric is measured on: box, mask, pose (detections), classify, pixel (segmentation maps).
role      what a file is for: results, args, events, weights, curve ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """Something in a file that could not be read, or was read otherwise than it stands there."""

    file: str
    line: Optional[int]
    kind: str
    problem: str


@dataclass(frozen=True)
class History:
    """What was logged at each epoch of the last segment; every array has shape (rows,), float64,
    NaN where missing.

    ``train`` and ``val`` are losses by component name, without prefix and "_loss", gains untouched.
    ``metrics`` is group -> name -> fraction 0..1. ``lr`` is by parameter group. ``seconds`` is
    training time so far, running on where a resumed process began to count from zero again.
    ``other`` holds numeric columns that RunLens has no word for.
    """

    epoch: Integers
    train: Mapping[str, Floats]
    val: Mapping[str, Floats]
    metrics: Mapping[str, Mapping[str, Floats]]
    lr: Mapping[str, Floats]
    seconds: Optional[Floats]
    other: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.epoch)


@dataclass(frozen=True)
class Logged:
    """How the rows of the result table became a History.

    ``rows`` counts complete lines of the table, used or not. ``segments`` are (first, last) epoch
    numbers in file order. ``resumed`` are the epochs at which a process started again within the
    last segment. ``final`` are the metrics that the framework logged once more for best.pt after
    training, group -> name -> value: they belong to no epoch. ``planned`` is the number of epochs
    that the table itself announces.
    """

    rows: int
    segments: tuple[tuple[int, int], ...]
    resumed: tuple[int, ...] = ()
    final: Optional[Mapping[str, Mapping[str, float]]] = None
    planned: Optional[int] = None


@dataclass(frozen=True)
class Files:
    """What lies in the run's folder: role -> paths relative to the run; times are seconds since 1970."""

    by_role: Mapping[str, tuple[str, ...]]
    newest: Optional[float]
    oldest: Optional[float]


@dataclass(frozen=True)
class Version:
    """The releases of the framework that can have written the run, both ends included; None is open."""

    min: Optional[str]
    max: Optional[str]
    source: str


@dataclass(frozen=True)
class Run:
    """One training run as its files tell it.

    ``arguments`` are the training arguments by name, of all argument files together;
    ``argument_file`` says which file each came from. Paths among them are other people's and are
    never opened.
    """

    path: str
    name: str
    framework: str
    task: str
    history: History
    logged: Logged
    arguments: Mapping[str, Any]
    argument_file: Mapping[str, str]
    files: Files
    problems: tuple[Problem, ...]
    version: Optional[Version] = None
    growing: bool = False


def empty_history() -> History:
    """A run of which no epoch could be read."""
    return History(np.empty(0, np.int64), {}, {}, {}, {}, None)


def main_group(metrics: Mapping[str, Any]) -> Optional[str]:
    """The group that a run is judged by: masks and keypoints before their boxes."""
    for group in ("mask", "pose", "box", "classify", "pixel"):
        if group in metrics:
            return group
    return None


MAIN_METRICS: dict[str, tuple[str, ...]] = {
    "box": ("map50_95", "map50"),
    "mask": ("map50_95", "map50"),
    "pose": ("map50_95", "map50"),
    "classify": ("top1",),
    "pixel": ("miou", "iou", "f1"),
}
"""What ranks runs of a group, the most telling first (mAP50-95 is the field's primary metric, guide 001)."""


def main_metric(metrics: Mapping[str, Mapping[str, Any]]) -> Optional[tuple[str, str]]:
    """(group, name) of the metric that ranks this run, or None where nothing of the kind was logged."""
    group = main_group(metrics)
    if group is None:
        return None
    for name in MAIN_METRICS[group]:
        if name in metrics[group]:
            return (group, name)
    return None
