"""How a line of text looks in the fonts that matplotlib draws with, at the resolution of a picture.

A line is drawn large, reduced to the picture's resolution and brought to a common size: as blurred as
the text that it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tensorboard_runlens.thresholds.pictures.resampling import Shades as Shades
from tensorboard_runlens.thresholds.pictures.resampling import reduced, resized

FONTS = ("DejaVuSans", "Arimo")
"""matplotlib's own font, and one with the shapes of Arial, which seaborn's styles ask for: all that 97
public repositories drew with."""

EM = 32
"""Pixels of an em at which text is compared: legends are drawn with 35."""

DRAWN_EM = 256
"""Pixels of an em at which a line is drawn before it is reduced: large enough for exact shapes."""

ASCENT = 1.0
DESCENT = 0.4
MARGIN = 0.25
"""Ems above and below the baseline, and left and right of the line, that belong to the canvas."""

BASIC_LAYOUT = 0
"""Pillow's own layout engine, which it always has."""


@dataclass(frozen=True)
class Line:
    """A line of text on its canvas (rows, columns), 0 to 1. ``starts`` and ``ends`` are each character's
    advance box in columns; ``ink`` the columns between which the line has ink and ``tall`` the rows between
    which its first third has: all are pixel edges."""

    shades: Shades
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    ink: tuple[float, float]
    tall: tuple[float, float]


@lru_cache(maxsize=64)
def line(font: str, text: str, source_em: int) -> Line:
    """``text`` as a picture with ``source_em`` pixels an em would show it, at ``EM`` pixels an em."""
    face = _face(font)
    drawn = _drawn(face, text)
    scale = EM / DRAWN_EM
    advances = [face.getlength(text[:count]) for count in range(len(text) + 1)]
    columns = tuple((MARGIN * DRAWN_EM + advance) * scale for advance in advances)
    shades = _brought(drawn, source_em)
    return Line(
        shades=shades,
        starts=columns[:-1],
        ends=columns[1:],
        ink=extent(shades.max(axis=0)),
        tall=extent(shades[:, : shades.shape[1] // 3].max(axis=1)),
    )


def extent(profile: Shades) -> tuple[float, float]:
    """Pixel edges between which the profile is above half of its maximum, to a fraction of a pixel;
    the whole profile where it is even."""
    half = float(profile.max()) / 2
    above = np.flatnonzero(profile > half)
    if not len(above):
        return 0.0, float(len(profile))
    (first, last) = (int(above[0]), int(above[-1]))
    before = float(profile[first - 1]) if first else 0.0
    after = float(profile[last + 1]) if last + 1 < len(profile) else 0.0
    start = first + 0.5 - (float(profile[first]) - half) / (float(profile[first]) - before)
    end = last + 0.5 + (float(profile[last]) - half) / (float(profile[last]) - after)
    return max(start, 0.0), min(end, float(len(profile)))


def likeness(one: Shades, other: Shades) -> float:
    """Normalised correlation of two pictures of one size, -1 to 1; 0 where one of them is even."""
    (a, b) = (one - one.mean(), other - other.mean())
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm > 0 else 0.0


@lru_cache(maxsize=len(FONTS))
def _face(font: str) -> Any:
    from PIL import ImageFont

    basic: Any = BASIC_LAYOUT
    path = Path(__file__).with_name("fonts") / f"{font}.subset.ttf"
    return ImageFont.truetype(str(path), DRAWN_EM, layout_engine=basic)


def _drawn(face: Any, text: str) -> Any:
    from PIL import Image, ImageDraw

    width = face.getlength(text) + 2 * MARGIN * DRAWN_EM
    size = (_whole_ems(width), _whole_ems((ASCENT + DESCENT) * DRAWN_EM))
    canvas = Image.new("L", size)
    place = (MARGIN * DRAWN_EM, ASCENT * DRAWN_EM)
    ImageDraw.Draw(canvas).text(place, text, fill=255, font=face, anchor="ls")
    return canvas


def _whole_ems(pixels: float) -> int:
    """Rounded up, so that the reduced canvas has whole pixels."""
    step = DRAWN_EM // EM
    return int(-(-pixels // step)) * step


def _brought(drawn: Any, source_em: int) -> Shades:
    step = DRAWN_EM // EM
    size = (drawn.width // step, drawn.height // step)
    if source_em >= EM:
        return _shades(reduced(drawn, size))
    seen = (
        max(round(drawn.width * source_em / DRAWN_EM), 1),
        max(round(drawn.height * source_em / DRAWN_EM), 1),
    )
    return resized(_shades(reduced(drawn, seen)), size)


def _shades(drawn: Any) -> Shades:
    shades: Shades = np.asarray(drawn, np.float32) / np.float32(255)
    return shades


@lru_cache(maxsize=32)
def cut(font: str, word: str) -> Shades:
    """A word cut at its ink."""
    shades = line(font, word, EM).shades
    (left, right) = extent(shades.max(axis=0))
    (top, bottom) = extent(shades.max(axis=1))
    size = (round(right - left), round(bottom - top))
    return resized(shades, size, (left, top, right, bottom))
