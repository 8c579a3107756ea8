"""The thick blue curve of all classes, traced to a fraction of a pixel.

It is drawn last and in pure blue: nothing hides it but the frame. A stroke of width 2r is the curve
dilated by a disc of radius r: its upper edge eroded by that disc is the curve's closing, which keeps the
maxima, and its lower edge the opening; where both are seen their mean is the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.pictures.axes import Axes
from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster

HIDDEN = 2
"""Pixels beside an axis' middle that its frame line covers."""

FLAT_PERCENT = 5
"""Of the columns, those where the stroke is least high: there it is as high as it is thick."""

ENOUGH = 0.3
"""Of the columns must show both edges before they tell the thickness."""


@dataclass(frozen=True)
class Stroke:
    """By pixel column of the axes: ``x`` 0 to 1, the stroke's ``upper`` and ``lower`` edges in pixel rows
    (NaN where there is none or the frame cuts it off), and how many separate ``pieces`` the column has."""

    x: Floats
    upper: Floats
    lower: Floats
    pieces: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Traced:
    """By pixel column: ``x``, the curve ``y``, ``high``, which keeps its maxima, and ``ceiling``, which the
    curve cannot be above; 0 to 1, NaN unseen.

    ``share`` of the columns show it, ``pieces`` of them more than one piece; ``thickness`` in pixels is
    that of the flattest parts, NaN where the frame cuts off one edge nearly all along.
    """

    x: Floats
    y: Floats
    high: Floats
    ceiling: Floats
    share: float
    pieces: float
    thickness: float


def blueness(rgb: Pixels) -> Pixels:
    """How much of a pixel is pure blue, 0 to 255: blue beyond red and green."""
    other = np.maximum(rgb[..., 0], rgb[..., 1])
    blue = rgb[..., 2]
    return np.where(blue > other, blue - other, 0).astype(np.uint8)


def trace(raster: Raster, axes: Axes, radius: float) -> Traced:
    """The blue curve in the axes, of a stroke with ``radius`` pixels."""
    return curve_of(_edges(raster, axes), axes, radius)


def curve_of(stroke: Stroke, axes: Axes, radius: float) -> Traced:
    """What was drawn with a pen of ``radius`` pixels to make the stroke."""
    closing = _eroded(stroke.upper, radius)
    opening = -_eroded(-stroke.lower, radius)
    (high, low) = ((axes.bottom - edge) / axes.height for edge in (closing, opening))
    mean = np.where(np.isnan(high), low, np.where(np.isnan(low), high, (high + low) / 2))
    seen = ~np.isnan(mean)
    at_the_top = 1 - (radius + HIDDEN + 1) / axes.height  # where the frame cuts the upper edge off
    touching = np.isnan(high)
    return Traced(
        x=stroke.x,
        y=np.clip(mean, 0, 1),
        high=np.clip(np.where(touching, np.maximum(low, at_the_top), high), 0, 1),
        ceiling=np.clip(np.where(touching, np.where(low < at_the_top, 1, low), high), 0, 1),
        share=float(seen.mean()) if len(seen) else 0.0,
        pieces=float((stroke.pieces > 1).mean()) if len(seen) else 0.0,
        thickness=flattest(stroke.lower - stroke.upper),
    )


def flattest(heights: Floats) -> float:
    """How high the stroke is where it is flat; NaN with too few columns that show both edges."""
    whole = heights[~np.isnan(heights)]
    if len(whole) < ENOUGH * len(heights):
        return float("nan")
    return float(np.percentile(whole, FLAT_PERCENT))


def _edges(raster: Raster, axes: Axes) -> Stroke:
    (first, last) = columns_of(axes)
    top = max(round(axes.top) - 2 * HIDDEN, 0)
    bottom = round(axes.bottom) + 2 * HIDDEN
    columns = np.ascontiguousarray(blueness(raster.rgb[top:bottom, first:last]).T)
    solid = columns > 127
    found = solid.any(axis=1)
    upper = solid.argmax(axis=1)
    lower = solid.shape[1] - 1 - solid[:, ::-1].argmax(axis=1)
    pieces = np.count_nonzero(solid[:, 1:] & ~solid[:, :-1], axis=1) + solid[:, 0]
    high = top + _crossing(columns, upper, -1)
    low = top + _crossing(columns, lower, +1)
    high[~found | (high < axes.top + HIDDEN + 1)] = np.nan
    low[~found | (low > axes.bottom - HIDDEN - 1)] = np.nan
    return Stroke(x_of(axes), high, low, pieces)


def columns_of(axes: Axes) -> tuple[int, int]:
    """The first pixel column between the frame's sides, and the one after the last."""
    return int(np.ceil(axes.left)) + HIDDEN, int(np.floor(axes.right)) - HIDDEN + 1


def x_of(axes: Axes) -> Floats:
    """What those columns stand for, 0 to 1."""
    x: Floats = (np.arange(*columns_of(axes), dtype=np.float64) - axes.left) / axes.width
    return x


def _crossing(columns: Pixels, edge: npt.NDArray[np.intp], outwards: int) -> Floats:
    """Where the stroke ends beyond its outermost solid pixel ``edge``.

    A sharp edge lies where the pixels' coverage adds up to it; a slanted one where it falls below half.
    What a coloured curve beside the stroke adds to its coverage is taken off.
    """
    rows = np.arange(len(columns))

    def at(steps: int) -> Floats:
        place = np.clip(edge + outwards * steps, 0, columns.shape[1] - 1)
        values: Floats = columns[rows, place] / 255
        return values

    beyond = np.minimum(at(3), 0.45)
    (inner, here, outer) = ((at(step) - beyond) / (1 - beyond) for step in (-1, 0, 1))
    (inner, here, outer) = (np.clip(value, 0, 1) for value in (inner, here, outer))
    added = inner + here + outer - 1.5
    crossed = np.clip((here - 0.5) / np.maximum(here - outer, 0.05), 0, 1)
    sharp = (inner > 0.9) & (outer < 0.55)
    result: Floats = edge + outwards * np.where(sharp, added, crossed)
    return result


def _eroded(edge: Floats, radius: float) -> Floats:
    """Largest of the edge moved along the disc, by column; NaN where the edge itself is."""
    reach = int(radius)
    best = edge + radius
    for step in range(1, reach + 1):
        drop = np.sqrt(radius * radius - step * step)
        best[step:] = np.fmax(best[step:], edge[:-step] + drop)
        best[:-step] = np.fmax(best[:-step], edge[step:] + drop)
    best[np.isnan(edge)] = np.nan
    return best
