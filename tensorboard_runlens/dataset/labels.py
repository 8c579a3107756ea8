"""One label file: rows of numbers to classes and boxes, and what is wrong with the rows.

A row is a class and then
4 numbers      a box: centre x, centre y, width, height
6, 8, 10 ...   a polygon: x and y of each corner; with 8 it may as well be an oriented box
4 + 2n or 3n   a box and n keypoints: where the data set states kpt_shape (then nothing else is a
               row), or the length allows nothing else
All are fractions of the image's width and height. Where a row is no such thing, the frameworks ignore
the whole image; the file is then not ``usable`` here. What a fault says repeats nothing of the row
but a class: what stands in the place of a label file may be anything.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np

from tensorboard_runlens.dataset.description import MAX_CLASSES
from tensorboard_runlens.run import Floats, Integers

MAX_ROWS = 50_000
"""Rows of one label file; crowded microscopy has some thousands."""

MAX_ROW = 200_000
"""Characters of one row: a polygon of ten thousand corners."""

TOLERANCE = 0.01
"""How far a coordinate may lie outside 0..1: what Ultralytics forgives; others make it ignore the image."""

BOX_NUMBERS = 5
QUAD_NUMBERS = 9
MIN_POLYGON_NUMBERS = 7
MIN_POSE_NUMBERS = 8

NOT_TEXT = "not_text"
TOO_MANY_ROWS = "too_many_rows"
NOT_NUMBERS = "not_numbers"
WRONG_LENGTH = "wrong_length"
BAD_CLASS = "bad_class"
UNKNOWN_CLASS = "unknown_class"
OUT_OF_RANGE = "out_of_range"
NEGATIVE_AREA = "negative_area"
MIXED_ROWS = "mixed_rows"
BEYOND_EDGE = "beyond_edge"
ZERO_AREA = "zero_area"
DUPLICATE = "duplicate"

FORGIVEN = frozenset({BEYOND_EDGE, ZERO_AREA, DUPLICATE})
"""Faults of rows with which the frameworks train nevertheless (duplicates are removed)."""


class RowFault(NamedTuple):
    """What is wrong with a row: a kind from above, in words, and the line counted from 1."""

    kind: str
    words: str
    line: Optional[int] = None


@dataclass(frozen=True)
class Labels:
    """What a label file holds; ``classes`` (n,) int64 and ``boxes`` (n, 4) float64 are its readable rows.

    Boxes are centre x, centre y, width, height as fractions; of a polygon its bounding box.
    Duplicates are left out. ``kinds`` counts rows as box, polygon, pose; ``quads`` those polygons
    that may be oriented boxes. ``unknown`` are class ids that the data set does not have.
    """

    classes: Integers
    boxes: Floats
    kinds: Mapping[str, int]
    quads: int
    faults: tuple[RowFault, ...]
    unknown: frozenset[int]

    @property
    def usable(self) -> bool:
        """Whether a training uses the image with these labels."""
        return all(fault.kind in FORGIVEN for fault in self.faults)

    @property
    def empty(self) -> bool:
        """Whether there is not one row, good or bad."""
        return not self.faults and not len(self.classes)


class _Row(NamedTuple):
    kind: str
    quad: bool
    number: int
    box: tuple[float, ...]
    fault: Optional[tuple[str, str]]


class _Unreadable(Exception):
    """A row of which nothing can be used: the fault's kind and words."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


def parse_labels(
    data: bytes, classes: Optional[int] = None, keypoints: Optional[tuple[int, int]] = None
) -> Labels:
    """Reads the bytes of a label file. Never raises.

    ``classes`` is how many the data set has, ``keypoints`` its (points, numbers of each).
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _without_rows(RowFault(NOT_TEXT, "not text: the file is damaged"))
    lines = [(number, line) for (number, line) in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_ROWS:
        said = f"{len(lines):,} rows, more than the {MAX_ROWS:,} that RunLens reads"
        return _without_rows(RowFault(TOO_MANY_ROWS, said))
    return _Reader(classes, keypoints).read(lines)


def _without_rows(fault: RowFault) -> Labels:
    return Labels(np.empty(0, np.int64), np.empty((0, 4)), {}, 0, (fault,), frozenset())


class _Reader:
    """Goes through the rows of one label file once."""

    def __init__(self, classes: Optional[int], keypoints: Optional[tuple[int, int]]) -> None:
        self.classes = classes
        self.pose_numbers = None if keypoints is None else BOX_NUMBERS + keypoints[0] * keypoints[1]
        self.point_numbers = 3 if keypoints is None else keypoints[1]
        self.faults: list[RowFault] = []
        self.unknown: set[int] = set()

    def read(self, lines: Sequence[tuple[int, str]]) -> Labels:
        rows: list[_Row] = []
        seen: set[bytes] = (
            set()
        )  # bytes: numbers can be chosen so that the hashes of all rows are one
        for line, text in lines:
            try:
                values = _numbers(text)
                row = self._row(values)
            except _Unreadable as fault:
                self.faults.append(RowFault(fault.kind, str(fault), line))
                continue
            if row.fault:
                self.faults.append(RowFault(*row.fault, line))
            key = array("d", values).tobytes()
            if key in seen:
                self.faults.append(RowFault(DUPLICATE, "the same row stands here twice", line))
                continue
            seen.add(key)
            rows.append(row)
        return self._labels(rows)

    def _labels(self, rows: Sequence[_Row]) -> Labels:
        kinds = Counter(row.kind for row in rows)
        if len(kinds) > 1:
            said = " and ".join(f"{number} {kind}" for (kind, number) in sorted(kinds.items()))
            self.faults.append(RowFault(MIXED_ROWS, f"rows of different kinds: {said}"))
        return Labels(
            classes=np.array([row.number for row in rows], np.int64),
            boxes=np.array([row.box for row in rows], np.float64).reshape(-1, 4),
            kinds=kinds,
            quads=sum(row.quad for row in rows),
            faults=tuple(self.faults),
            unknown=frozenset(self.unknown),
        )

    def _row(self, values: tuple[float, ...]) -> _Row:
        kind = self._kind(len(values))
        number = self._class(values[0])
        box = _bounds(values[1:]) if kind == "polygon" else values[1:BOX_NUMBERS]
        points = self._points(values[BOX_NUMBERS:]) if kind == "pose" else ()
        outside = _outside((*box, *points))
        fault = (OUT_OF_RANGE, "coordinates outside 0..1") if outside else _fault_of(box)
        return _Row(kind, len(values) == QUAD_NUMBERS and kind == "polygon", number, box, fault)

    def _kind(self, numbers: int) -> str:
        if self.pose_numbers is not None:
            if numbers == self.pose_numbers:
                return "pose"
            said = f"{numbers} numbers where kpt_shape asks for {self.pose_numbers}"
            raise _Unreadable(WRONG_LENGTH, said)
        if numbers == BOX_NUMBERS:
            return "box"
        if numbers >= MIN_POLYGON_NUMBERS and numbers % 2:
            return "polygon"
        if numbers >= MIN_POSE_NUMBERS and numbers % 3 == 2:
            return "pose"
        raise _Unreadable(WRONG_LENGTH, _length_words(numbers))

    def _class(self, value: float) -> int:
        if value < 0 or value != int(value) or value >= MAX_CLASSES:
            raise _Unreadable(BAD_CLASS, "value 1 is no class")
        if self.classes is not None and value >= self.classes:
            self.unknown.add(int(value))
            said = f"class {value:g}, and the data set has the classes 0 to {self.classes - 1}"
            raise _Unreadable(UNKNOWN_CLASS, said)
        return int(value)

    def _points(self, values: tuple[float, ...]) -> tuple[float, ...]:
        """x and y of the keypoints, without their visibility."""
        step = self.point_numbers
        return (*values[::step], *values[1::step])


def _numbers(text: str) -> tuple[float, ...]:
    if len(text) > MAX_ROW:
        said = f"{len(text):,} characters, more than the {MAX_ROW:,} of a row that RunLens reads"
        raise _Unreadable(WRONG_LENGTH, said)
    cells = text.split()
    try:
        values = tuple(map(float, cells))
    except ValueError:
        wrong = next(place for (place, cell) in enumerate(cells, 1) if not _is_number(cell))
        raise _Unreadable(NOT_NUMBERS, f"value {wrong} is no number") from None
    if not all(map(math.isfinite, values)):
        raise _Unreadable(NOT_NUMBERS, "a value that is not finite")
    return values


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _length_words(numbers: int) -> str:
    if numbers == BOX_NUMBERS + 1:
        return "6 numbers where a box has 5; a prediction's sixth is its confidence"
    return f"{numbers} numbers: neither a box (5), a polygon (7, 9 ...) nor a box with keypoints"


def _bounds(values: tuple[float, ...]) -> tuple[float, ...]:
    """The bounding box of a polygon: a corner outside the image does not make a training ignore it."""
    (xs, ys) = (values[::2], values[1::2])
    (left, right, top, bottom) = (min(xs), max(xs), min(ys), max(ys))
    return ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def _outside(values: Sequence[float]) -> bool:
    return min(values) < -TOLERANCE or max(values) > 1 + TOLERANCE


def _fault_of(box: tuple[float, ...]) -> Optional[tuple[str, str]]:
    (x, y, width, height) = box
    if width < 0 or height < 0:
        return (NEGATIVE_AREA, "a negative width or height")
    if not width or not height:
        return (ZERO_AREA, "a box without area")
    if _outside((x - width / 2, y - height / 2, x + width / 2, y + height / 2)):
        return (BEYOND_EDGE, "a box that reaches beyond the image")
    return None
