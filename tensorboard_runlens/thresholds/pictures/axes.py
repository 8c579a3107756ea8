"""Where the axes lie: the largest closed box of long straight lines, to a fraction of a pixel.

Both axes of every curve picture run from 0 to 1, so the box is the scale of all that is drawn in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable

STRICT = 205
"""Ink of a frame line at the size it was drawn; the grey curves of classes have 127 and do not merge with it."""

LOOSE = 105
"""Ink of a frame line in a picture made smaller: of a line one pixel wide, half may fall on each of two."""

MIN_HEIGHT = 0.35
"""Of the picture: the frameworks' axes take .83; a report may have padded the picture."""

MIN_WIDTH = 0.08
"""Of the picture: long class names in the legend leave the axes little."""

PATCH = (234, 234, 242)
"""seaborn's grey of axes without a frame (style darkgrid)."""

PATCH_TOLERANCE = 4
"""Levels of 255: what a palette or JPEG moves it."""

SNAP = 1 / 6
"""matplotlib draws a frame line at the next whole pixel plus a half: on average a half pixel of a line
three pixels wide."""

TICK = 6
"""Frame widths that a side may run on: a tick at its end is 3.5 pt long, the frame 0.8 pt wide."""

MAX_LINES = 24
"""Candidates for a side that are looked at; a curve picture has two, a table of cells many."""


@dataclass(frozen=True)
class Axes:
    """Pixel coordinates (centres of pixels are whole numbers) of confidence 0 and 1 and of value 1 and 0."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class _Line:
    """A long straight run: pixels ``first`` to ``last`` across, ``start`` to ``end`` along it."""

    first: int
    last: int
    start: int
    end: int

    @property
    def middle(self) -> float:
        return (self.first + self.last) / 2


def find_axes(raster: Raster) -> Axes:
    """The axes' frame, or seaborn's grey patch. Raises Unreadable."""
    for level in (STRICT, LOOSE):
        mask = raster.ink > level
        box = _largest_box(_lines(mask.T, MIN_HEIGHT), _lines(mask, MIN_WIDTH))
        if box is not None:
            return _to_the_fraction(raster.ink, *box)
    patch = _patch(raster)
    if patch is None:
        raise Unreadable("No axes: there is no closed frame as wide and high as a curve's.")
    return patch


def _lines(mask: npt.NDArray[np.bool_], share: float) -> list[_Line]:
    """Lines along the rows of ``mask`` that are at least ``share`` of it long."""
    least = int(share * mask.shape[1])
    candidates = np.flatnonzero(np.count_nonzero(mask, axis=1) >= least)
    groups = np.split(candidates, np.flatnonzero(np.diff(candidates) > 1) + 1)
    lines = []
    for group in groups[: 4 * MAX_LINES]:
        if len(group):
            (start, end) = longest_run(np.any(mask[group], axis=0))
            if end - start >= least:
                lines.append(_Line(int(group[0]), int(group[-1]), start, end))
    return sorted(lines, key=lambda line: line.start - line.end)[:MAX_LINES]


def longest_run(flags: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """First and last index of the longest run of True, (0, -1) without one."""
    (starts, ends) = runs(flags)
    if not len(starts):
        return (0, -1)
    longest = int(np.argmax(ends - starts))
    return (int(starts[longest]), int(ends[longest]))


def runs(flags: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """First and last indices of the runs of True."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1


def near(rgb: Pixels, colour: Sequence[int], reach: int) -> npt.NDArray[np.bool_]:
    """Which pixels are within ``reach`` levels of a colour in each channel."""
    mask = np.ones(rgb.shape[:2], bool)
    for channel, level in enumerate(colour):
        plane = rgb[..., channel]
        mask &= (plane >= max(level - reach, 0)) & (plane <= min(level + reach, 255))
    return mask


def _largest_box(
    upright: list[_Line], level: list[_Line]
) -> Optional[tuple[_Line, _Line, _Line, _Line]]:
    boxes = [
        (left, right, top, bottom)
        for (left, right) in combinations(sorted(upright, key=lambda line: line.first), 2)
        for (top, bottom) in combinations(sorted(level, key=lambda line: line.first), 2)
        if _closed(left, right, top, bottom)
    ]
    return max(boxes, key=_area, default=None)


def _closed(left: _Line, right: _Line, top: _Line, bottom: _Line) -> bool:
    """Each side begins and ends in its neighbours, or in a tick that lengthens it."""
    slack = TICK * max(side.last - side.first + 1 for side in (left, right, top, bottom))
    return all(
        abs(ends - corner) <= slack
        for side, (first, last) in (
            (left, (top, bottom)),
            (right, (top, bottom)),
            (top, (left, right)),
            (bottom, (left, right)),
        )
        for ends, corner in ((side.start, first.middle), (side.end, last.middle))
    )


def _area(box: tuple[_Line, _Line, _Line, _Line]) -> float:
    (left, right, top, bottom) = box
    return (right.middle - left.middle) * (bottom.middle - top.middle)


def _to_the_fraction(ink: Pixels, left: _Line, right: _Line, top: _Line, bottom: _Line) -> Axes:
    return Axes(
        left=_centre(ink.T, left),
        right=_centre(ink.T, right),
        top=_centre(ink, top),
        bottom=_centre(ink, bottom),
    )


def _centre(ink: Pixels, line: _Line) -> float:
    """Across the line, in the quarter of it that other curves touch least, half a pixel's snap undone."""
    first = max(line.first - 1, 0)
    along = ink[first : line.last + 2, line.start : line.end + 1]
    weights = np.percentile(along, 25, axis=1)
    total = weights.sum()
    if not total:
        return line.middle
    centre = float(weights @ (first + np.arange(len(weights))) / total)
    width = float(total) / 255
    sharp_and_even = abs(width - 2) < 0.05 and np.count_nonzero(weights > STRICT) == 2
    return centre if sharp_and_even else centre - width * SNAP


def _patch(raster: Raster) -> Optional[Axes]:
    mask = near(raster.rgb, PATCH, PATCH_TOLERANCE)
    (height, width) = mask.shape
    rows = np.flatnonzero(np.count_nonzero(mask, axis=1) >= MIN_WIDTH * width)
    columns = np.flatnonzero(np.count_nonzero(mask, axis=0) >= MIN_HEIGHT * height)
    if len(rows) < MIN_HEIGHT * height or len(columns) < MIN_WIDTH * width:
        return None
    return Axes(columns[0] - 0.5, columns[-1] + 0.5, rows[0] - 0.5, rows[-1] + 0.5)
