"""Makes the small fonts in ``tensorboard_runlens/thresholds/pictures/fonts/`` from whole ones, in one command:

    pip install "fonttools[woff]"
    python tools/make_font_subset.py DejaVuSans.ttf arimo-latin-400-normal.woff2

DejaVuSans.ttf (2.35) comes with matplotlib, in ``mpl-data/fonts/ttf``; the other file with the npm package
@fontsource/arimo (5.3.0). Both keep the characters of legends and axis labels only. Arimo has Arial's
widths and shapes, but its digit 1 stands on a foot that Arial's has not: the foot is taken off.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

TARGET = Path(__file__).parents[1] / "tensorboard_runlens" / "thresholds" / "pictures" / "fonts"
WORDS = "all classes 0123456789.@ at mAP nan F1 Confidence Precision Recall"
"""Everything that is compared with a picture."""

FOOT = 153
STEM = (515, 696)
"""Height of the foot of Arimo's digit 1, and left and right side of its stem, in units of 2048 an em."""


def main(dejavu: str, arimo: str) -> None:
    """Writes both."""
    _write(dejavu, "DejaVuSans.subset.ttf", [])
    _write(arimo, "Arimo.subset.ttf", [_take_off_the_foot])


def _write(source: str, name: str, edits: list[Any]) -> None:
    options = subset.Options(hinting=False, layout_features=["kern"], legacy_kern=True)
    options.drop_tables += ["FFTM", "MATH", "STAT", "GDEF", "GSUB", "gasp"]
    font = subset.load_font(source, options)
    chosen = subset.Subsetter(options)
    chosen.populate(text=WORDS)
    chosen.subset(font)
    for edit in edits:
        edit(font)
    font.flavor = None
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(TARGET / name)


def _take_off_the_foot(font: TTFont) -> None:
    """Draws the points of the foot in to the stem's sides."""
    glyph = font["glyf"][font.getBestCmap()[ord("1")]]
    (left, right) = STEM
    drawn_in = [
        (min(max(x, left), right), y) if y <= FOOT else (x, y) for (x, y) in glyph.coordinates
    ]
    glyph.coordinates = GlyphCoordinates(drawn_in)
    glyph.recalcBounds(font["glyf"])


if __name__ == "__main__":
    main(*sys.argv[1:])
