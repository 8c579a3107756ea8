"""The tables in console output: a line of losses for each epoch, and metrics of all classes and of each.

          Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
            1/3         0G       1.03      2.892       1.36         39        640: 100% ...
                     Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100% ...
                       all         74         98      0.707      0.642      0.672      0.468

The line of an epoch is a progress bar: its last state holds. Names of classes may contain blanks,
so metrics are counted from the right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from tensorboard_runlens.console.lines import is_unfinished
from tensorboard_runlens.naming import shown
from tensorboard_runlens.run import ClassMetrics

EPOCH = re.compile(r"^\s{0,40}(\d{1,7})/(\d{1,7})\s{1,40}[\d.]{1,10}[A-Za-z]{0,2}\s")
EPOCH_HEADER = re.compile(r"^\s{0,40}Epoch\s{1,40}gpu_mem\s", re.IGNORECASE)
EPOCH_NOTED = re.compile(r"\(Epoch (\d{1,7})\)\s{0,40}$")
"""Shortened copies of a console's output say so which epoch a line of metrics belongs to."""

NO_LOSSES = frozenset({"total", "labels", "targets", "instances", "size", "img_size"})
OLD_NAMES = {"GIoU": "box"}
"""YOLOv5 1.0 and 2.0 named the loss of boxes after how it was measured."""

OF_CLASSIFIER = {
    "train_loss": "train/loss",
    "val_loss": "val/loss",
    "test_loss": "test/loss",
    "top1_acc": "metrics/accuracy_top1",
    "top5_acc": "metrics/accuracy_top5",
}
"""YOLOv5's classifier has everything in one line."""

MAX_LOSSES = 20
"""Cells of an epoch's line; PartiNet, YOLO26 and their forks have up to twelve."""

MAX_EPOCHS = 10_000
"""Epochs of one training; the longest real one has 5,000."""

MAX_CLASSES = 2000
"""Classes of one table; LVIS, the largest common data set, has 1,203."""

MAX_NAME = 100
"""Characters of a class's name that are kept."""

ALL = "all"
METRICS = ("precision", "recall", "map50", "map50_95")
MAX_FRACTION = 1.001
"""A larger number is no metric."""

Metrics = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Layout:
    """Columns of a table of metrics behind the name: ``counts`` of images and objects, then (group, metric)."""

    counts: int
    columns: tuple[tuple[str, str], ...]


def detections(*groups: str) -> Layout:
    """Four metrics for each group."""
    return Layout(2, tuple((group, name) for group in groups for name in METRICS))


CLASSIFIER = Layout(0, (("classify", "top1"), ("classify", "top5")))
SEMANTIC = Layout(2, (("pixel", "miou"), ("pixel", "pixel_accuracy")))
LAYOUTS = (
    ("top1_acc", CLASSIFIER),
    ("mIoU", SEMANTIC),
    ("Mask(", detections("box", "mask")),
    ("Pose(", detections("box", "pose")),
    ("mAP", detections("box")),
)
"""What a table's header must contain, the most telling first."""

TABLE_HEADER = re.compile(r"^\s{0,60}[Cc]lass(?:es)?\s")
BRACKETS = "Box(P"
"""Ultralytics' header; YOLOv5's has P alone (unless it segments)."""


@dataclass
class Epoch:
    """An epoch as it was printed: ``number`` of ``last``, at a line of the file; columns by their names."""

    line: int
    number: int
    last: int
    columns: dict[str, float]
    metrics: Metrics = field(default_factory=dict)


class Tables:
    """Reads the tables of one training, line by line.

    ``epochs`` are those that were trained to their end. ``classes`` are the lines of the last table
    that names classes, ``final`` the metrics of all classes that were printed after training.
    ``nowhere`` counts metrics that belong to no epoch line, ``beyond`` epochs after MAX_EPOCHS. Set
    ``after`` when training is over.
    """

    def __init__(self) -> None:
        self.epochs: list[Epoch] = []
        self.classes: list[ClassMetrics] = []
        self.final: Optional[Metrics] = None
        self.nowhere = 0
        self.beyond = 0
        self.after = False
        self.words: tuple[str, ...] = ()
        self.brackets: Optional[bool] = None
        self._numbered: dict[int, Epoch] = {}
        self._layout = detections("box")
        self._lines: Optional[list[ClassMetrics]] = None
        self._state: Optional[tuple[int, str, int, int]] = None

    def feed(self, line: int, text: str) -> bool:
        """Reads a line; False when it belongs to no table."""
        return self._epoch(line, text) or self._header(text) or self._metrics(text)

    @property
    def begun(self) -> bool:
        """Whether the header of a table was seen."""
        return bool(self.words) or self.brackets is not None

    def _epoch(self, line: int, text: str) -> bool:
        match = EPOCH.match(text)
        if match is None or not self.words:
            return False
        (number, last) = (int(match[1]), int(match[2]))
        if self._state and (number, last) != self._state[2:]:
            self.end_epoch()
        self._state = (line, text, number, last)
        (self._lines, self.after) = (None, False)
        return True

    def end_epoch(self, validated: bool = False) -> None:
        """The epoch that was being trained is over; one that stopped on its way is none."""
        if self._state is None:
            return
        (line, text, number, last) = self._state
        self._state = None
        if not validated and is_unfinished(text):
            return
        if len(self.epochs) >= MAX_EPOCHS:
            self.beyond += 1
            return
        self._numbered[number] = Epoch(line, number, last, losses(self.words, text))
        self.epochs.append(self._numbered[number])

    def _header(self, text: str) -> bool:
        if EPOCH_HEADER.match(text):
            self.end_epoch()
            self.words = tuple(text.split(None, MAX_LOSSES + 2)[2 : MAX_LOSSES + 2])
            self._lines = None
            return True
        layout = next((layout for (mark, layout) in LAYOUTS if mark in text), None)
        if layout is None or not TABLE_HEADER.match(text):
            return False
        (self._layout, self._lines) = (layout, None)
        self.brackets = BRACKETS in text
        return True

    def _metrics(self, text: str) -> bool:
        if self._lines is None and ALL not in text:
            return False
        noted = EPOCH_NOTED.search(text) if "(Epoch " in text else None
        found = class_line(text[: noted.start()] if noted else text, self._layout)
        if found is None or (found.name != ALL and self._lines is None):
            return False
        if found.name == ALL and (self._lines is None or noted):
            self._of_all(found.metrics, int(noted[1]) if noted else None)
        elif self._lines is not None and len(self._lines) < MAX_CLASSES:
            self._lines.append(found)
            self.classes = self._lines
        return True

    def _of_all(self, metrics: Metrics, noted: Optional[int]) -> None:
        self.end_epoch(validated=True)
        self._lines = []
        if self.after:
            self.final = metrics
            return
        latest = self.epochs[-1] if self.epochs else None
        epoch = latest if noted is None else self._numbered.get(noted)
        if epoch is None or epoch.metrics:
            self.nowhere += 1
        else:
            epoch.metrics = metrics


def losses(words: Sequence[str], text: str) -> dict[str, float]:
    """The losses in an epoch's line, under the names of a results file; empty for a line cut short."""
    cells = [_number(cell.rstrip(":")) for cell in text.split(None, len(words) + 2)[2:]]
    if len(cells) < len(words):
        return {}
    return {
        _column(word, words): cell
        for (word, cell) in zip(words, cells)
        if word.lower() not in NO_LOSSES and cell is not None
    }


def _column(word: str, words: Sequence[str]) -> str:
    if "top1_acc" in words and word in OF_CLASSIFIER:
        return OF_CLASSIFIER[word]
    name = OLD_NAMES.get(word, word)[:MAX_NAME]
    return f"train/{name}" if name.endswith("loss") else f"train/{name}_loss"


def class_line(text: str, layout: Layout) -> Optional[ClassMetrics]:
    """A line of a table of metrics, None for any other line."""
    width = layout.counts + len(layout.columns)
    (name, *cells) = text.rsplit(None, width) or [""]
    if len(cells) < width or not name.strip():
        return None
    if _number(cells[-1]) is None:
        return None  # of most lines this is enough
    numbers = [_number(cell) for cell in cells]
    if None in numbers:
        return None
    metrics: dict[str, dict[str, float]] = {}
    for (group, metric), number in zip(layout.columns, numbers[layout.counts :]):
        if number is not None and 0 <= number <= MAX_FRACTION:
            metrics.setdefault(group, {})[metric] = min(number, 1.0)
    counts = [int(cell) if cell.isdecimal() else None for cell in cells[: layout.counts]]
    (images, objects) = counts if counts else (None, None)
    instances = None if layout == SEMANTIC else objects
    return ClassMetrics(shown(name.strip()[:MAX_NAME]), metrics, images, instances)


def _number(cell: str) -> Optional[float]:
    try:
        return float(cell) if len(cell) <= 20 else None
    except ValueError:
        return None
