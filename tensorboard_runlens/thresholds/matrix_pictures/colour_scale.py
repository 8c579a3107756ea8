"""The colour bar beside a heat map: where it stands, and which colour stands for which level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.pictures.raster import Pixels, Raster
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable

BLUES = np.array(
    [
        (247, 251, 255),
        (222, 235, 247),
        (198, 219, 239),
        (158, 202, 225),
        (107, 174, 214),
        (66, 146, 198),
        (33, 113, 181),
        (8, 81, 156),
        (8, 48, 107),
    ],
    float,
)
"""ColorBrewer's Blues, least to most: every framework draws its matrix in them, Matplotlib mixes neighbours."""

TOP_LEVEL = 255.0
"""Matplotlib has 256 steps from the least value to the most."""

LEVELS = np.linspace(0, TOP_LEVEL, len(BLUES))

OFF_SCALE = 14.0
"""Distance (of 255, in the channel that is furthest) up to which a pixel has a colour of the scale: JPEG moves one
by up to ten."""

LIGHT_END = 12.0
DARK_END = 243.0
"""Levels that both must be found at the ends of a colour bar: with fewer, it is a shade of something else."""

BENT = 6.0
"""Levels, in the median, by which a colour bar may leave the straight line between its ends."""

STRAIGHT = 1.5
"""A colour bar as it was drawn leaves the line by half a level; a palette of 64 colours by more than this."""

BAR_FROM = 0.5
"""Share of the picture's width right of which the colour bar stands."""

BAR_HEIGHT = 0.3
"""Least share of the picture's height that a colour bar takes: the frameworks' take .69 to .91."""

COLUMNS = 300
"""Columns of the picture that are looked at for the bar, which is as wide as eight."""


@dataclass(frozen=True)
class ColourBar:
    """Pixel edges of the bar: the highest value is at ``top``, the lowest at ``bottom``. ``true`` says that its colours
    are those that were drawn: no palette or compression changed them by a level."""

    left: int
    top: float
    bottom: float
    true: bool

    @property
    def height(self) -> float:
        return self.bottom - self.top


def levels_of(rgb: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """(level 0 to 255, distance from the colour of that level) of colours, shape (..., 3)."""
    colours = np.asarray(rgb, float)
    level = np.interp(-colours.sum(axis=-1), -BLUES.sum(axis=1), LEVELS)
    distance = np.abs(colours - colour_at(level)).max(axis=-1)
    return (level, distance)


def colour_at(level: Floats) -> Floats:
    """The colours of levels, shape (..., 3)."""
    return np.stack([np.interp(level, LEVELS, BLUES[:, channel]) for channel in range(3)], axis=-1)


def nearest_levels(rgb: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """The same to the level, for few colours: among those that Matplotlib stores in eight bits, rounded when it draws
    cells and cut off when it draws an image."""
    scale = colour_at(np.arange(TOP_LEVEL + 1))
    stored = np.concatenate([np.rint(scale), np.floor(scale + 1e-6)])
    distance = np.abs(np.asarray(rgb, float)[..., None, :] - stored).max(axis=-1)
    level = distance.argmin(axis=-1) % len(scale)
    return (level.astype(float), distance.min(axis=-1))


def find_bar(raster: Raster) -> ColourBar:
    """The colour bar right in the picture. Raises Unreadable."""
    (height, width) = raster.rgb.shape[:2]
    columns = np.unique(np.linspace(BAR_FROM * width, width - 1, COLUMNS).astype(int))
    found = [
        (column, bar)
        for column in columns
        if (bar := _bar_in(raster.rgb[:, column], raster.background)) is not None
        and bar.height >= BAR_HEIGHT * height
    ]
    if not found:
        raise Unreadable(
            "It has no colour bar in blue, so it is no confusion matrix of a framework."
        )
    (column, bar) = found[len(found) // 2]
    return ColourBar(_left_edge(raster.rgb, column, bar), bar.top, bar.bottom, bar.true)


def is_blank(rgb: npt.NDArray[Any], background: Pixels) -> npt.NDArray[np.bool_]:
    """Where colours are nearer to the background than to the scale: nothing was drawn there."""
    colours = np.asarray(rgb, float)
    (_, distance) = levels_of(colours)
    beside: Floats = np.abs(colours - background.astype(float)).max(axis=-1)
    return beside < np.minimum(distance, OFF_SCALE)


def _bar_in(line: Pixels, background: Pixels) -> Optional[ColourBar]:
    """The bar in one column of pixels, top to bottom, by the straight line through its levels."""
    (level, distance) = levels_of(line)
    coloured = (distance <= OFF_SCALE) & ~is_blank(line, background)
    dark = np.flatnonzero(coloured & (level > DARK_END))
    light = np.flatnonzero(coloured & (level < LIGHT_END))
    if not len(dark) or not len(light):
        return None
    (start, end) = (int(dark[0]), int(light[-1]))
    if end - start < len(BLUES) or not coloured[start : end + 1].mean() > 0.98:
        return None
    return _straight(level[start : end + 1], start)


def _straight(level: Floats, start: int) -> Optional[ColourBar]:
    """The bar from pixel ``start`` on, if its levels fall evenly; a compressed end may miss a few."""
    expected = np.linspace(TOP_LEVEL, 0, len(level))
    bent = float(np.median(np.abs(level - expected)))
    if bent > BENT:
        return None
    return ColourBar(0, start, start + len(level), bent <= STRAIGHT)


def _left_edge(rgb: Pixels, column: int, bar: ColourBar) -> int:
    row = rgb[int((bar.top + bar.bottom) / 2)].astype(int)
    apart = np.abs(row - row[column]).max(axis=1) > OFF_SCALE
    return int(np.flatnonzero(apart[:column])[-1]) + 1 if apart[:column].any() else 0
