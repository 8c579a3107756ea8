"""The thin curves of single classes, told apart by the colours of their samples in the legend.

Later curves hide earlier ones, and the blue one hides all: what is read is a part, and approximate.
More than ten classes repeat colours, more than twenty are all grey: then nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.pictures import agreement
from tensorboard_runlens.thresholds.pictures.axes import Axes, near, runs
from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster
from tensorboard_runlens.thresholds.pictures.sample import Sample
from tensorboard_runlens.thresholds.pictures.stroke import (
    HIDDEN,
    Stroke,
    Traced,
    columns_of,
    curve_of,
    flattest,
    x_of,
)

MAX_CLASSES = 10
"""matplotlib has ten colours and then begins again."""

MIN_VISIBLE = 0.5
"""Of the columns must show a class's curve alone: then its best value was off by .002 in 95 % of 829 curves."""

COLOUR_REACH = 48
"""Levels of 255 that a channel may be off the sample's colour: pixels that are four fifths of it."""

APART = 40
"""Levels of 255 by which two samples must differ in some channel to be told apart."""

NOT_BACKGROUND = 60
"""Levels of 255 by which a sample differs from the legend's ground; its frame does by 51."""

STRETCH = 6
"""Columns that a class's curve must be followed without a jump: where curves cross or a picture was made smaller,
single pixels of two mixed colours have a third class's colour."""

JUMP = 3
"""Thicknesses of a class's curve by which it may rise or fall in one column."""

BEFORE = 0.1
"""Ems left of the samples where a legend's frame is told from them: its corners are rounded."""

THIN = 1 / 3
"""Of the blue curve's thickness is a class's."""


@dataclass(frozen=True)
class ClassCurve:
    """What is seen of one class. ``row`` counts the legend's lines from 0, without classes that had no labels;
    ``visible`` is the share of the axis where its curve is seen alone, ``value`` the best F1 or recall seen
    and ``confidence`` where; ``curve`` (n, 2) of x and y, 0 to 1, only where it is seen."""

    row: int
    visible: float
    value: float
    confidence: float
    curve: Floats


def read_classes(raster: Raster, axes: Axes, sample: Sample) -> tuple[ClassCurve, ...]:
    """Of each class of which enough is seen."""
    colours = _colours(raster, axes, sample)
    if not 0 < len(colours) <= MAX_CLASSES or not _distinct(colours):
        return ()
    (first, last) = columns_of(axes)
    (top, bottom) = (round(axes.top) + HIDDEN, round(axes.bottom) - HIDDEN + 1)
    columns = np.moveaxis(np.ascontiguousarray(raster.rgb[top:bottom, first:last].T), 0, -1)
    curves = []
    for row, colour in enumerate(colours):
        stroke = _stroke(columns, colour, x_of(axes), top, THIN * sample.thickness)
        thickness = flattest(stroke.lower - stroke.upper)
        if not np.isnan(thickness):
            curves.append(_class_curve(row, curve_of(stroke, axes, thickness / 2), axes))
    return tuple(curve for curve in curves if curve.visible >= MIN_VISIBLE)


def _class_curve(row: int, traced: Traced, axes: Axes) -> ClassCurve:
    seen = ~np.isnan(traced.y)
    (confidence, value) = agreement.best(traced, 1 / axes.height)
    return ClassCurve(
        row=row,
        visible=round(traced.share, 3),
        value=round(value, 4),
        confidence=round(confidence, 4),
        curve=np.column_stack([traced.x[seen], traced.y[seen]]),
    )


def _colours(raster: Raster, axes: Axes, sample: Sample) -> list[Pixels]:
    """Of the thin samples above the blue one, from above."""
    inset = 0.2 * (sample.right - sample.left)
    (left, right) = (round(sample.left + inset), round(sample.right - inset))
    (top, bottom) = (round(axes.top), round(sample.middle - 0.5 * sample.em))
    if top >= bottom:
        return []
    colours = np.median(raster.rgb[top:bottom, left:right], axis=1).astype(np.int16)
    before = raster.rgb[top:bottom, round(sample.left - BEFORE * sample.em)].astype(np.int16)
    ground = np.median(colours, axis=0)
    marked = np.abs(colours - ground).max(axis=1) > NOT_BACKGROUND
    framed = np.abs(before - ground).max(axis=1) > NOT_BACKGROUND
    (starts, ends) = runs(marked & ~framed)
    return [_purest(colours[a : b + 1], ground) for a, b in zip(starts, ends)]


def _purest(rows: npt.NDArray[np.int16], ground: Floats) -> Pixels:
    """The row of a sample that is farthest from the ground."""
    purest: Pixels = rows[int(np.abs(rows - ground).sum(axis=1).argmax())].astype(np.uint8)
    return purest


def _distinct(colours: list[Pixels]) -> bool:
    table = np.stack(colours).astype(np.int16)
    apart = np.abs(table[:, None] - table[None]).max(axis=2)
    return bool((apart[np.triu_indices(len(table), 1)] > APART).all())


def _stroke(columns: Pixels, colour: Pixels, x: Floats, top: int, thickness: float) -> Stroke:
    """Edges in the columns that show one piece of the colour, at least half as high as the curve is thick."""
    mask = near(columns, colour.tolist(), COLOUR_REACH)
    pieces = np.count_nonzero(mask[:, 1:] & ~mask[:, :-1], axis=1) + mask[:, 0]
    upper = mask.argmax(axis=1) - 0.5
    lower = mask.shape[1] - 0.5 - mask[:, ::-1].argmax(axis=1)
    alone = (pieces == 1) & (lower - upper >= thickness / 2)
    alone = _followed(alone, (upper + lower) / 2, JUMP * thickness)
    return Stroke(
        x=x,
        upper=np.where(alone, top + upper, np.nan),
        lower=np.where(alone, top + lower, np.nan),
        pieces=pieces,
    )


def _followed(alone: npt.NDArray[np.bool_], middle: Floats, jump: float) -> npt.NDArray[np.bool_]:
    """Of the columns where a curve stands alone, those in stretches without a gap or a jump."""
    parts = np.cumsum(np.abs(np.diff(middle, prepend=middle[:1])) > jump)
    stretches = np.unique(np.where(alone, np.cumsum(~alone) + parts, -1), return_inverse=True)[1]
    return alone & (np.bincount(stretches)[stretches] >= STRETCH)
