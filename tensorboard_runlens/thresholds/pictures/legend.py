"""The legend's line for all classes: 'all classes 0.61 at 0.363' (F1, P, R) or 'all classes 0.893 mAP@0.5' (PR).

It stands beside the thick blue sample right of the axes. Digits are equally wide, so the width of the
whole line is the same whatever they are: it gives the size of the font, and with it each digit's place,
where it is compared with the ten digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.thresholds.pictures import glyphs
from tensorboard_runlens.thresholds.pictures.axes import runs
from tensorboard_runlens.thresholds.pictures.glyphs import Line
from tensorboard_runlens.thresholds.pictures.raster import Raster
from tensorboard_runlens.thresholds.pictures.resampling import Shades, resized
from tensorboard_runlens.thresholds.pictures.sample import Sample

LINES = (
    ("confidence", "all classes 0.00 at 0.000"),
    ("confidence", "all classes 0.00 at 0.001"),
    ("map", "all classes 0.000 mAP@0.5"),
    ("nothing", "all classes nan at 0.000"),
    ("nothing", "all classes nan mAP@0.5"),
)
"""(form, text) that the frameworks print. Digits before the mAP's name stand for any digit; a 1 at the end,
because it is narrower in Arial and the line then shorter. nan: the validation had no labels."""

AFTER_WORDS = len("all classes ")
"""The first character that differs from line to line."""

MIN_WORDS = 0.6
"""Likeness of the words around the digits; those of a legend read right have .8 and more."""

MIN_DIGIT = 0.72
"""Likeness of the least sure digit."""

MIN_MARGIN = 0.04
"""By which a digit must be more alike than the next one: typically .18 in DejaVu, .09 in Arial."""

SHIFT = 0.07
"""Ems that a digit may stand beside its place: hinting and the width of the last digit move it."""

INK = 0.4
"""Share of full ink at which text begins."""

HALF_ROW = 0.66
"""Ems above and below the sample that belong to its row: rows stand 1.6 ems apart."""

LINE_EMS = (9.0, 18.0)
"""Between which the width of the line must lie, in ems estimated from the sample."""


@dataclass(frozen=True)
class Reading:
    """What the line says: ``value`` (None for nan), and ``confidence`` where its form has one. ``words``, ``digit`` and
    ``margin`` are the likeness of its words, of its worst digit, and the least lead of a digit over the next."""

    form: str
    value: Optional[float]
    confidence: Optional[float]
    words: float
    digit: float
    margin: float

    @property
    def recognised(self) -> bool:
        """Whether it is one of the frameworks' lines."""
        return self.words > MIN_WORDS

    @property
    def sure(self) -> bool:
        """Whether each of its digits is certain."""
        return self.recognised and self.digit > MIN_DIGIT and self.margin > MIN_MARGIN


def read_legend(raster: Raster, sample: Sample) -> Optional[Reading]:
    """The line beside the sample; None where there is no line of text."""
    strip = _strip(raster, sample)
    if strip is None:
        return None
    size = _rounded(sample.em)
    return _read(
        max(
            (
                _compared(strip, font, form, text, size)
                for font in glyphs.FONTS
                for form, text in LINES
            ),
            key=lambda compared: compared.words,
        ),
        size,
    )


@dataclass(frozen=True)
class _Compared:
    """A line of text laid over the strip: ``canvas`` is the strip at the model's size and place."""

    font: str
    form: str
    text: str
    model: Line
    canvas: Shades
    words: float

    @property
    def places(self) -> list[int]:
        return _places(self.form, self.text)


def _places(form: str, text: str) -> list[int]:
    """Where digits stand that may be any."""
    if form == "nothing":
        return []
    end = text.find(" mAP")
    return [
        i for i, character in enumerate(text[: end if end > 0 else None]) if character.isdigit()
    ]


def _compared(strip: Shades, font: str, form: str, text: str, size: int) -> _Compared:
    model = glyphs.line(font, text, size)
    canvas = _aligned(strip, model)
    words = _words(canvas, model, _places(form, text))
    return _Compared(font, form, text, model, canvas, words)


def _strip(raster: Raster, sample: Sample) -> Optional[Shades]:
    """The line's pixels 0 to 1, cut at its first and last ink, with the row's whole height."""
    half = HALF_ROW * sample.em
    (top, bottom) = (round(sample.middle - half), round(sample.middle + half) + 1)
    first = int(sample.right + 0.3 * sample.em)
    if top < 0 or bottom > len(raster.ink) or first >= raster.ink.shape[1]:
        return None
    strip = raster.ink[top:bottom, first:].astype(np.float32)
    strip -= np.median(strip)
    full = np.percentile(strip, 99.5)
    if full < 60:
        return None
    strip = np.clip(strip / full, 0, 1)
    frame = np.flatnonzero(strip.min(axis=0) > INK / 2)
    strip = strip[:, : frame[0]] if len(frame) else strip
    (starts, ends) = runs(np.any(strip > INK, axis=0))
    if not len(starts):
        return None
    gaps = np.flatnonzero(starts[1:] - ends[:-1] > 0.8 * sample.em)
    end = ends[gaps[0]] if len(gaps) else ends[-1]
    width = end - starts[0] + 1
    if not LINE_EMS[0] < width / sample.em < LINE_EMS[1]:
        return None
    return strip[:, starts[0] : end + 1]


def _read(best: _Compared, size: int) -> Reading:
    if not best.places:
        return Reading(best.form, None, None, best.words, 0, 0)
    (digits, scores, margins) = zip(*(_digit(best, place, size) for place in best.places))
    numbers = _numbers(best.text, best.places, digits)
    return Reading(
        form=best.form,
        value=numbers[0],
        confidence=numbers[1] if best.form == "confidence" else None,
        words=best.words,
        digit=min(scores),
        margin=min(margins),
    )


def _rounded(em: float) -> int:
    return max(min(round(em), glyphs.EM), 4)


def _aligned(strip: Shades, model: Line) -> Shades:
    """The strip on the model's canvas: its ink's width on the model's, its letters' height on theirs."""
    (height, width) = strip.shape
    pad = max(height, width // 8)
    (left, right) = glyphs.extent(strip.max(axis=0))
    (top, bottom) = glyphs.extent(strip[:, : width // 3].max(axis=1))
    (rows, columns) = model.shades.shape
    across = (right - left) / (model.ink[1] - model.ink[0])
    along = (bottom - top) / (model.tall[1] - model.tall[0])
    x = pad + left - model.ink[0] * across
    y = pad + top - model.tall[0] * along
    padded = np.pad(strip, pad)
    (lowest, widest) = padded.shape
    (right, bottom) = (x + columns * across, y + rows * along)
    part = (max(x, 0), max(y, 0), min(right, widest), min(bottom, lowest))
    return resized(padded, (columns, rows), part)


def _digit(line: _Compared, place: int, size: int) -> tuple[int, float, float]:
    """(digit, likeness, lead over the next digit) at a character's place."""
    (first, last) = (round(line.model.starts[place]), round(line.model.ends[place]))
    reach = int(SHIFT * glyphs.EM + 0.5)
    views = [
        np.roll(line.canvas, down, axis=0)[:, first + right : last + right].ravel()
        for right in range(-reach, reach + 1)
        for down in (-1, 0, 1)
    ]
    scores = (_unit(np.stack(views)) @ _ten(line.font, last - first, size).T).max(axis=0)
    order = np.argsort(scores)
    return int(order[-1]), float(scores[order[-1]]), float(scores[order[-1]] - scores[order[-2]])


def _ten(font: str, width: int, em: int) -> Shades:
    shapes = []
    for digit in "0123456789":
        model = glyphs.line(font, digit, em)
        first = round(model.starts[0])
        shapes.append(model.shades[:, first : first + width].ravel())
    return _unit(np.stack(shapes))


def _unit(rows: Shades) -> Shades:
    centred = rows - rows.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred * centred).sum(axis=1, keepdims=True))
    unit: Shades = centred / np.maximum(norms, np.float32(1e-6))
    return unit


def _words(canvas: Shades, model: Line, places: list[int]) -> float:
    """Likeness of all that is no digit: the lesser of what stands before the digits and the rest."""
    shown = np.ones(canvas.shape[1], bool)
    for place in places:
        shown[round(model.starts[place]) : round(model.ends[place])] = False
    before = shown.copy()
    before[round(model.starts[AFTER_WORDS]) :] = False
    rest = shown & ~before
    return min(glyphs.likeness(canvas[:, part], model.shades[:, part]) for part in (before, rest))


def _numbers(text: str, places: list[int], digits: tuple[int, ...]) -> list[float]:
    characters = list(text)
    for place, digit in zip(places, digits):
        characters[place] = str(digit)
    words = "".join(characters).split()
    return [float(word) for word in words if word[0].isdigit()]
