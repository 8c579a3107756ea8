"""Where the cells of a heat map lie, and the colour of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.matrix_pictures.colour_scale import (
    OFF_SCALE,
    ColourBar,
    is_blank,
    levels_of,
    nearest_levels,
)
from tensorboard_runlens.thresholds.pictures.raster import Raster
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable

WIDE = 4 / 3
WIDE_TOLERANCE = 0.005
"""Every framework draws 12 x 9 inches; of a picture cut to another shape nothing tells where the first column is."""

RIGHT_MARGIN = 0.9857
"""Share of the width at which the layout with tight margins ends (2957 of 3000 pixels on 40 real pictures)."""

TIGHT_GAP = 1 / 3
"""There the gap between map and bar is .05 of the layout's width and the bar begins at .85 of it: the gap is a third
of what lies between the bar's left edge and the end."""

LEAST_GAP = 1 / 16
"""Of the map's height: there the map is at most .8 of the layout's width, of which the gap is .05."""

FIXED_BAR = 0.8013
FIXED_GAP = 0.042
"""Shares of the width in the later layout with fixed margins: where its bar begins, and the gap left of it."""

FIXED_TOLERANCE = 0.003

NEAR = 0.0025
"""Share of the width by which the map may end beside where its layout says (three pixels of 3000 were seen)."""

SHADE = 5
"""Levels of a channel from the background at which a pixel counts as coloured; the scale's lightest has eight."""

CORNERS = (0.13, 0.87)
"""Where in a cell its colour is looked at: no digit reaches there."""

LINES = 150
"""Rows of the picture that are looked at for colour outside the cells; every cell of 75 classes meets two."""

EDGE = 0.12
"""Share of a cell at each edge that is not looked at for it."""

STRAY = 0.02
"""Share of the coloured pixels that may lie in cells held blank: JPEG's rings around others."""

EVEN = 12.0
"""Levels of a channel by which the corners of one cell may differ: JPEG's share."""


@dataclass(frozen=True)
class Grid:
    """``size`` x ``size`` square cells with a side of ``cell`` pixels, from the edges ``left`` and ``top`` on."""

    left: float
    top: float
    cell: float
    size: int

    def edges(self, number: int, start: float) -> tuple[float, float]:
        """Both edges of the column or row ``number``, counted from ``start``."""
        return (start + number * self.cell, start + (number + 1) * self.cell)


@dataclass(frozen=True, eq=False)
class Cells:
    """``colour`` (size, size, 3), ``level`` 0 to 255 and ``off_scale``, the distance from the scale's colour, both
    (size, size). ``blank`` is where nothing was drawn."""

    grid: Grid
    colour: Floats
    level: Floats
    off_scale: Floats
    blank: npt.NDArray[np.bool_]


def find_cells(raster: Raster, bar: ColourBar, size: int) -> Optional[Cells]:
    """The cells of a map with so many a side, or None where the map is not of such."""
    grid = _grid(raster, bar, size)
    if grid.left < 0:
        return None
    corners = _corners(raster, grid)
    colour = np.median(corners, axis=2)
    if np.abs(corners - colour[:, :, None]).max() > EVEN:
        return None
    (level, distance) = nearest_levels(colour)
    cells = Cells(grid, colour, level, distance, is_blank(colour, raster.background))
    return cells if _complete(raster, cells) and _alone(raster, grid, bar) else None


def right_edge(raster: Raster, bar: ColourBar) -> float:
    """Where the map ends, to some pixels, by the layout. Raises Unreadable for a picture cut to another shape or laid
    out in another way."""
    (height, width) = (float(side) for side in raster.rgb.shape[:2])
    if abs(width / height - WIDE) > WIDE_TOLERANCE * WIDE:
        raise Unreadable("It is not 4:3, as every framework draws it: part of it was cut off.")
    if abs(bar.left / width - FIXED_BAR) < FIXED_TOLERANCE:
        return bar.left - FIXED_GAP * width
    gap = (RIGHT_MARGIN * width - bar.left) * TIGHT_GAP
    if gap < LEAST_GAP * bar.height - NEAR * width:
        raise Unreadable("Its colour bar does not stand where a framework draws it.")
    return bar.left - gap


def _grid(raster: Raster, bar: ColourBar, size: int) -> Grid:
    """The map is as high as its bar. Its left edge is where lines between columns meet most changes of colour."""
    cell = bar.height / size
    expected = right_edge(raster, bar) - bar.height
    rows = _within(bar.top + (np.arange(size)[:, None] + CORNERS).ravel() * cell, len(raster.rgb))
    changes = _changes(raster.rgb[rows, : bar.left])
    reach = max(int(NEAR * raster.rgb.shape[1]), 2)
    starts = np.arange(int(expected) - reach, int(expected) + reach + 1)
    lines = np.rint(starts[:, None] + np.arange(size + 1) * cell).astype(int)
    met = changes[_within(lines, len(changes))].sum(axis=1)
    best = starts[met >= met.max() * 0.98] if met.max() else np.array([expected])
    return Grid(float(best.mean()), bar.top, cell, size)


def _changes(lines: npt.NDArray[Any]) -> Floats:
    """How much colours change at every pixel edge along lines (lines, pixels, 3), within a pixel of it."""
    step = np.abs(lines[:, 2:].astype(int) - lines[:, :-2]).max(axis=2).sum(axis=0)
    return np.concatenate([[0.0], step, [0.0]])


def _corners(raster: Raster, grid: Grid) -> Floats:
    """Colours at four places of every cell, (size, size, 4, 3)."""
    places = (np.arange(grid.size)[:, None] + CORNERS) * grid.cell
    rows = _within(grid.top + places, raster.rgb.shape[0])
    columns = _within(grid.left + places, raster.rgb.shape[1])
    found = raster.rgb[rows[:, None, :, None], columns[None, :, None, :]]
    return found.reshape(grid.size, grid.size, 4, 3).astype(float)


def _complete(raster: Raster, cells: Cells) -> bool:
    """Whether nothing is coloured in cells that are held blank."""
    grid = cells.grid
    side = grid.cell * grid.size
    (rows, columns) = (np.linspace(0, side, LINES, endpoint=False), np.arange(int(side)))
    (inside, within) = (_off_edges(rows / grid.cell), _off_edges(columns / grid.cell))
    (rows, columns) = (rows[inside], columns[within])
    y = _within(grid.top + rows, raster.rgb.shape[0])
    x = _within(grid.left + columns, raster.rgb.shape[1])
    pixels = raster.rgb[y[:, None], x[None, :]].astype(np.int16)
    coloured = np.abs(pixels - raster.background.astype(np.int16)).max(axis=2) > SHADE
    (of_row, of_column) = ((rows / grid.cell).astype(int), (columns / grid.cell).astype(int))
    stray = coloured & cells.blank[of_row[:, None], of_column[None, :]]
    return int(stray.sum()) <= STRAY * int(coloured.sum())


def _alone(raster: Raster, grid: Grid, bar: ColourBar) -> bool:
    """Whether no cell is coloured in the columns beside the map: else it begins in another column."""
    rows = _within(
        grid.top + (np.arange(grid.size)[:, None] + CORNERS) * grid.cell, len(raster.rgb)
    )
    for column in (-1, grid.size):
        places = grid.left + (column + np.array(CORNERS)) * grid.cell
        if places[0] < 0 or places[1] >= bar.left:
            continue
        colour = raster.rgb[rows[:, :, None], places.astype(int)].astype(float)
        (_, distance) = levels_of(colour)
        drawn = ~is_blank(colour, raster.background) & (distance < OFF_SCALE)
        if drawn.all(axis=(1, 2)).any():
            return False
    return True


def _off_edges(places: Floats) -> npt.NDArray[np.bool_]:
    return np.abs(places % 1 - 0.5) < 0.5 - EDGE


def _within(places: npt.NDArray[Any], count: int) -> npt.NDArray[np.int64]:
    return np.clip(places.astype(np.int64), 0, count - 1)
