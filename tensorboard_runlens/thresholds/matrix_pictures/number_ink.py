"""The ink of the number in the middle of a cell.

Frameworks print in 8 or 10 points on a figure 12 inches wide, which gives the size of the font.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.thresholds.matrix_pictures.cells import Cells
from tensorboard_runlens.thresholds.pictures import glyphs
from tensorboard_runlens.thresholds.pictures.glyphs import Shades
from tensorboard_runlens.thresholds.pictures.raster import Pixels

POINTS = (8.0, 10.0)
FIGURE_POINTS = 12 * 72.0
"""Width of the figure; a picture's pixels divided by this are a point's."""

DIGIT_HEIGHT = 0.73
"""Ems from the baseline to the top of a digit, in both fonts within .015."""

SIZE_TOLERANCE = 0.12
"""By which the height of the digits may differ from that of 8 or 10 points."""

FAINTEST = 5.0
"""Levels of a channel between text and cell: releases 8.3.119 to 8.3.161 print white on the lightest blue, eight
levels apart."""

INK = 0.4
"""Share of full ink at which text begins."""

BORDER = 0.001
"""Share of the picture's width left out at each edge of a cell, where colours mix."""

OVER = 0.4
"""Share of a cell that a number too wide for it may reach into each neighbour."""

FREE = 0.14
"""Share of a cell's height above and below a number that is free of ink, in the smallest cells with numbers."""

GAP = 0.36
"""Ems between two characters of a number; in Arial '11' and '1.' have .32, in DejaVu .22."""

OFF_CENTRE = 0.3
"""Ems by which the middle of a number may lie beside the middle of its cell."""


@dataclass(frozen=True)
class Ink:
    """A number cut out: ``shades`` 0 to 1 with the pixel edges between which its ink lies, and pixels of an em."""

    shades: Shades
    left: float
    right: float
    top: float
    bottom: float
    em: float


def ink_in(rgb: Pixels, cells: Cells, row: int, column: int) -> Optional[Ink]:
    """The number in a cell, None where there is nothing of its size in the middle."""
    point = rgb.shape[1] / FIGURE_POINTS
    shades = _shades(rgb, cells, (row, column), 0.0)
    if shades is not None and _cut_off(shades):
        shades = _shades(rgb, cells, (row, column), OVER * cells.grid.cell)
    return None if shades is None else _in_the_middle(shades, point)


def _shades(rgb: Pixels, cells: Cells, place: tuple[int, int], over: float) -> Optional[Shades]:
    """How much of the text's colour each pixel of a cell has, with so much of its neighbours: white or dark,
    whichever is further from the cell's colour. A column's own colour stands above and below the text."""
    (grid, border) = (cells.grid, BORDER * rgb.shape[1])
    (top, bottom) = grid.edges(place[0], grid.top + border)
    (left, right) = grid.edges(place[1], grid.left + border)
    window = rgb[
        round(top) : round(bottom - 2 * border),
        max(round(left - over), 0) : round(right - 2 * border + over),
    ].astype(np.float32)
    free = int(FREE * len(window))
    if not free or not window.size:
        return None
    columns = np.median(np.concatenate([window[:free], window[-free:]]), axis=0)
    text = _text_colour(window, cells.colour[place].astype(np.float32), over)
    if text is None:
        return None
    along = text - columns
    length = (along * along).sum(axis=1)
    shades = ((window - columns) * along).sum(axis=2) / np.maximum(length, 1e-6)
    return np.where(length < FAINTEST**2, 0, np.clip(shades, 0, 1)).astype(np.float32)


def _text_colour(window: Shades, ground: Shades, over: float) -> Optional[Shades]:
    inner = window[:, round(over) : window.shape[1] - round(over)].reshape(-1, 3)
    if not len(inner):
        return None
    sums = inner.sum(axis=1)
    ends = (inner[sums.argmin()], inner[sums.argmax()])
    text = max(ends, key=lambda one: float(np.abs(one - ground).max()))
    return text if np.abs(text - ground).max() >= FAINTEST else None


def _cut_off(shades: Shades) -> bool:
    """Whether ink goes on beyond the sides: a number wider than the cell."""
    return bool(shades[:, (0, -1)].max() > INK)


def _in_the_middle(shades: Shades, point: float) -> Optional[Ink]:
    """The ink around the middle, up to the first gaps wider than those between the characters of a number."""
    middle = (shades.shape[1] / 2, shades.shape[0] / 2)
    inked = np.flatnonzero(shades.max(axis=0) > INK)
    if not len(inked):
        return None
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > GAP * max(POINTS) * point) + 1)
    part = min(parts, key=lambda one: abs((one[0] + one[-1] + 1) / 2 - middle[0]))
    number = np.zeros_like(shades)
    kept = slice(max(part[0] - 1, 0), part[-1] + 2)
    number[:, kept] = shades[:, kept]
    (left, right) = glyphs.extent(number.max(axis=0))
    (top, bottom) = glyphs.extent(number.max(axis=1))
    em = _em(bottom - top, point)
    if em is None or _cut_off(number):
        return None
    beside = max(abs((left + right) / 2 - middle[0]), abs((top + bottom) / 2 - middle[1]))
    return Ink(number, left, right, top, bottom, em) if beside < OFF_CENTRE * em else None


def _em(height: float, point: float) -> Optional[float]:
    """Pixels of an em of the size whose digits are that high."""
    sizes = [points * point for points in POINTS]
    nearest = min(sizes, key=lambda em: abs(em * DIGIT_HEIGHT - height))
    right = abs(height / (nearest * DIGIT_HEIGHT) - 1) < SIZE_TOLERANCE
    return nearest if right else None
