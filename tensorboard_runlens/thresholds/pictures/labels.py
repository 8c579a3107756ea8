"""The words on the axes: they tell an F1 picture from one of precision or recall."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.thresholds.pictures import glyphs
from tensorboard_runlens.thresholds.pictures.axes import Axes, runs
from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster
from tensorboard_runlens.thresholds.pictures.resampling import Shades, resized

KINDS = {
    ("F1", "Confidence"): "f1",
    ("Precision", "Confidence"): "p",
    ("Recall", "Confidence"): "r",
    ("Precision", "Recall"): "pr",
}
"""(value axis, other axis) -> kind."""

WORDS = tuple(sorted({word for pair in KINDS for word in pair}))

MIN_LIKENESS = 0.6
"""Of a label to its word; the next word has .3 at most."""

SHAPE = 0.2
"""Share by which a label's proportions may differ from its word's: hinting moves heights by a pixel."""

DRIFT = 0.1
"""Ems by which hinted letters drift from their places in a label."""

INK = 0.4
"""Share of full ink at which a letter begins."""


def read_kind(raster: Raster, axes: Axes) -> Optional[str]:
    """f1, p, r or pr by both labels; None where one of them cannot be read."""
    (top, bottom, left, right) = (
        round(edge) for edge in (axes.top, axes.bottom, axes.left, axes.right)
    )
    beside = np.rot90(raster.ink[top:bottom, : max(left - 4, 0)], -1)
    below = raster.ink[bottom + 4 :, left:right]
    return KINDS.get((_word(beside, 0), _word(below, -1)))


def _word(region: Pixels, which: int) -> str:
    """The word in the first (0) or last (-1) row of text of a region; "" where it is none of ours."""
    if not region.size:
        return ""
    full = max(float(region.max()), 1)
    dark = region > INK * full
    (starts, ends) = runs(np.any(dark, axis=1))
    if not len(starts):
        return ""
    (first, last) = (max(int(starts[which]) - 1, 0), int(ends[which]) + 2)
    columns = np.flatnonzero(dark[first:last].any(axis=0))
    shades = region[first:last, max(columns[0] - 1, 0) : columns[-1] + 2] / np.float32(full)
    best = max(WORDS, key=lambda word: _likeness(shades, word))
    return best if _likeness(shades, best) > MIN_LIKENESS else ""


def _likeness(shades: Shades, word: str) -> float:
    return max(_likeness_in(shades, word, font) for font in glyphs.FONTS)


def _likeness_in(shades: Shades, word: str, font: str) -> float:
    model = glyphs.cut(font, word)
    (rows, columns) = model.shape
    (left, right) = glyphs.extent(shades.max(axis=0))
    (top, bottom) = glyphs.extent(shades.max(axis=1))
    if abs((right - left) / (bottom - top) * rows / columns - 1) > SHAPE:
        return 0.0
    same = resized(shades, (columns, rows), (left, top, right, bottom))
    return glyphs.likeness(_smeared(same), _smeared(model))


def _smeared(shades: Shades) -> Shades:
    """Averaged along the line over ``DRIFT`` ems, so that letters may stand a little beside their places."""
    reach = round(DRIFT * glyphs.EM)
    sums = np.cumsum(np.pad(shades, ((0, 0), (reach + 1, reach))), axis=1)
    means: Shades = (sums[:, 2 * reach + 1 :] - sums[:, : -2 * reach - 1]) / np.float32(
        2 * reach + 1
    )
    return means
