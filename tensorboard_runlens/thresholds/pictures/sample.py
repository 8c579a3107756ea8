"""The sample of the thick blue curve in the legend: it tells where the legend's line stands, and its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.thresholds.pictures.axes import Axes, longest_run
from tensorboard_runlens.thresholds.pictures.raster import Raster
from tensorboard_runlens.thresholds.pictures.stroke import blueness

SAMPLE_EMS = 2.0
"""Length of a sample in matplotlib's legends."""

MIN_PIXELS = 8
"""Of a sample's length: a picture a quarter as large as drawn has 21."""

MIN_LENGTH = 4
"""Thicknesses of a sample's length: with text of 10 pt it has eight, with seaborn's 8 pt seven."""


@dataclass(frozen=True)
class Sample:
    """The thick blue line in the legend: pixel edges of its box, and its thickness."""

    left: float
    right: float
    middle: float
    thickness: float

    @property
    def em(self) -> float:
        """About the font's size in pixels: the sample is two ems long, and its ends are drawn beyond that."""
        return (self.right - self.left - 1.5 * self.thickness) / SAMPLE_EMS


def find_sample(raster: Raster, axes: Axes) -> Optional[Sample]:
    """The longest thick blue bar right of the axes."""
    first = int(axes.right) + 4
    coverage = blueness(raster.rgb[:, first:])
    solid = coverage > 128
    if not solid.any():
        return None
    lengths = np.count_nonzero(solid, axis=1)
    (top, bottom) = longest_run(lengths > 0.6 * lengths.max())
    (left, right) = longest_run(np.any(solid[top : bottom + 1], axis=0))
    if right - left < MIN_PIXELS:
        return None
    above = max(top - 2, 0)
    inner = coverage[above : bottom + 3, left + 2 : right - 1].mean(axis=1) / 255
    thickness = float(inner.sum())
    if not 0 < MIN_LENGTH * thickness < right - left:
        return None
    return Sample(
        left=first + left,
        right=first + right + 1,
        middle=float(inner @ (above + np.arange(len(inner)))) / thickness,
        thickness=thickness,
    )
