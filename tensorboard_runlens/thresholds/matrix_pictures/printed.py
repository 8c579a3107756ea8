"""The number printed in the middle of a cell, read by comparing each character with the ten digits.

Its form is told by its width: so many digits, or one digit, a point and two more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.matrix_pictures.cells import Cells
from tensorboard_runlens.thresholds.matrix_pictures.number_ink import Ink, ink_in
from tensorboard_runlens.thresholds.pictures import glyphs
from tensorboard_runlens.thresholds.pictures.glyphs import Line, Shades
from tensorboard_runlens.thresholds.pictures.raster import Pixels
from tensorboard_runlens.thresholds.pictures.resampling import resized

FRACTIONS = ("0.00",)
COUNTS = tuple("0" * digits for digits in range(1, 8))
"""Forms of a number; the zeros stand for any digit. A picture has either. Seven digits are more than a validation set
has instances."""

WIDTH_TOLERANCE = 0.3
"""Ems by which the width of a number may differ from that of zeros: of '1' and '11' it is that much less."""

STYLE_SAMPLES = 6
"""Numbers by which font and form are told; all of a picture are in one."""

REACH = 5
"""Columns of the compared line by which a number may stand beside its place: hinting and narrow digits move it."""

DIGIT_ALIKE = 0.75
DIGIT_LEAD = 0.05
LINE_ALIKE = 0.8
"""Likeness of the least sure digit, its lead over the next one, and likeness of the whole number that count as read:
.79, .058 and .84 at the least in 51 real pictures, all three in Arial."""

DRIFT = 5
"""Columns of the compared line by which two neighbouring digits may stand nearer or farther than in the font: four in
Arial in 51 real pictures. The point of '1.00' moves the digits of '100' by seven."""


@dataclass(frozen=True)
class Number:
    """What a cell says. ``alike`` is the likeness of the whole number, ``digit`` that of its least sure digit and
    ``lead`` the least by which a digit was more alike than the next one; ``drift`` the columns by which neighbouring
    digits stand nearer or farther than in the font."""

    text: str
    alike: float
    digit: float
    lead: float
    drift: int

    @property
    def sure(self) -> bool:
        return (
            self.alike > LINE_ALIKE
            and self.digit > DIGIT_ALIKE
            and self.lead > DIGIT_LEAD
            and self.possible
        )

    @property
    def possible(self) -> bool:
        """Digits stand evenly, no count begins with a zero and no fraction is above one."""
        if self.drift > DRIFT:
            return False
        return float(self.text) <= 1 if "." in self.text else self.text[0] != "0"


def printed_numbers(rgb: Pixels, cells: Cells) -> dict[tuple[int, int], Optional[Number]]:
    """(row, column) -> what is printed in every cell that is drawn, None where nothing legible stands."""
    places = [(int(row), int(column)) for (row, column) in np.argwhere(~cells.blank)]
    inks = {place: ink_in(rgb, cells, *place) for place in places}
    style = _style([ink for ink in inks.values() if ink is not None][:STYLE_SAMPLES])
    return {place: None if ink is None else _read(ink, *style) for (place, ink) in inks.items()}


def _style(inks: list[Ink]) -> tuple[str, tuple[str, ...]]:
    """(font, forms) that the numbers of the picture are printed in: those that fit best."""
    styles = [(font, forms) for font in glyphs.FONTS for forms in (FRACTIONS, COUNTS)]
    return max(styles, key=lambda style: sum(_fit(_read(ink, *style)) for ink in inks))


def _fit(number: Optional[Number]) -> float:
    return number.alike if number and number.possible else 0.0


def _read(ink: Ink, font: str, forms: tuple[str, ...]) -> Optional[Number]:
    """The form that fits best of those as wide."""
    width = (ink.right - ink.left) / ink.em * glyphs.EM
    numbers = [
        _read_as(ink, font, form)
        for form in forms
        if abs(_model(font, form, ink.em).ink[1] - _model(font, form, ink.em).ink[0] - width)
        < WIDTH_TOLERANCE * glyphs.EM
    ]
    return max(numbers, key=lambda number: number.alike, default=None)


def _read_as(ink: Ink, font: str, form: str) -> Number:
    model = _model(font, form, ink.em)
    places = [index for (index, character) in enumerate(form) if character == "0"]
    starts = [round(model.starts[place]) for place in places]
    width = round(model.ends[places[0]]) - starts[0]
    shapes = _ten(font, width, _seen_em(ink.em))
    (canvas, scores) = _scores(_aligned(ink, model), starts, shapes)
    best = scores.max(axis=0)
    digits = best.argmax(axis=1)
    moves = scores[:, np.arange(len(digits)), digits].argmax(axis=0) - REACH
    drawn = _without_digits(model, starts, width)
    for start, move, digit in zip(starts, moves.tolist(), digits.tolist()):
        box = drawn[:, start + move : start + move + width]
        np.maximum(box, shapes[digit][:, : box.shape[1]], out=box)
    order = np.sort(best, axis=1)
    return Number(
        text=_filled(form, places, digits.tolist()),
        alike=glyphs.likeness(canvas, drawn),
        digit=float(order[:, -1].min()),
        lead=float((order[:, -1] - order[:, -2]).min()),
        drift=int(np.abs(np.diff(moves)).max(initial=0)),
    )


def _model(font: str, text: str, em: float) -> Line:
    return glyphs.line(font, text, _seen_em(em))


def _seen_em(em: float) -> int:
    return max(min(round(em), glyphs.EM), 4)


def _aligned(ink: Ink, model: Line) -> Shades:
    """The number on the model's canvas, the middles of both inks upon each other."""
    (rows, columns) = model.shades.shape
    (upper, lower) = _rows(model)
    scale = ink.em / glyphs.EM
    pad = int(2 * ink.em)
    padded = np.pad(ink.shades, pad)
    x = pad + (ink.left + ink.right) / 2 - (model.ink[0] + model.ink[1]) / 2 * scale
    y = pad + (ink.top + ink.bottom) / 2 - (upper + lower) / 2 * scale
    (height, width) = padded.shape
    part = (
        max(x, 0.0),
        max(y, 0.0),
        min(x + columns * scale, float(width)),
        min(y + rows * scale, float(height)),
    )
    return resized(padded, (columns, rows), part)


def _rows(model: Line) -> tuple[float, float]:
    return glyphs.extent(model.shades.max(axis=1))


def _scores(canvas: Shades, starts: list[int], shapes: Shades) -> tuple[Shades, Floats]:
    """(the canvas moved up or down to where it fits best, likeness by move to the right, place and digit)."""
    width = shapes.shape[2]
    between = (shapes + np.roll(shapes, 1, axis=2)) / 2
    flat = _unit(np.concatenate([shapes, between]).reshape(20, -1))
    best: tuple[Shades, Any] = (canvas, np.zeros((1, len(starts), 10)))
    for down in (-1, 0, 1):
        moved = np.roll(canvas, -down, axis=0)
        views = [
            moved[:, start + right : start + right + width].ravel()
            for right in range(-REACH, REACH + 1)
            for start in starts
        ]
        scores = (_unit(np.stack(views)) @ flat.T).reshape(2 * REACH + 1, len(starts), 2, 10)
        scores = scores.max(axis=2)
        if scores.max(axis=(0, 2)).sum() > best[1].max(axis=(0, 2)).sum():
            best = (moved, scores)
    return best


def _without_digits(model: Line, starts: list[int], width: int) -> Shades:
    drawn: Shades = model.shades.copy()
    for start in starts:
        drawn[:, start : start + width] = 0
    return drawn


def _filled(form: str, places: list[int], digits: list[int]) -> str:
    characters = list(form)
    for place, digit in zip(places, digits):
        characters[place] = str(digit)
    return "".join(characters)


@lru_cache(maxsize=8)
def _ten(font: str, width: int, em: int) -> Shades:
    """The ten digits in their advance boxes, (10, rows, width)."""
    model = glyphs.line(font, "0123456789", em)
    firsts = [round(start) for start in model.starts]
    return np.stack([model.shades[:, first : first + width] for first in firsts])


def _unit(rows: Any) -> Any:
    centred = rows - rows.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred * centred).sum(axis=1, keepdims=True))
    return centred / np.maximum(norms, 1e-6)
