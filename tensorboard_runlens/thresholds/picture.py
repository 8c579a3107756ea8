"""A curve picture (F1, P, R or PR) of Ultralytics, YOLOv5, YOLOv7 or YOLOv9 read back into numbers.

The picture says its numbers twice: as digits in the legend and as the blue curve. Only where both were
read, and agree, is a reading ``exact``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Optional, Union

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.pictures import agreement, raster
from tensorboard_runlens.thresholds.pictures.axes import Axes, find_axes
from tensorboard_runlens.thresholds.pictures.class_curves import ClassCurve, read_classes
from tensorboard_runlens.thresholds.pictures.labels import read_kind
from tensorboard_runlens.thresholds.pictures.legend import Reading, read_legend
from tensorboard_runlens.thresholds.pictures.provenance import named
from tensorboard_runlens.thresholds.pictures.raster import Raster
from tensorboard_runlens.thresholds.pictures.sample import Sample, find_sample
from tensorboard_runlens.thresholds.pictures.stroke import Traced, trace
from tensorboard_runlens.thresholds.pictures.ticks import ticks_of_0_to_1
from tensorboard_runlens.thresholds.pictures.unreadable import Unreadable

KIND_WORDS = {
    "f1": "F1 by confidence",
    "p": "precision by confidence",
    "r": "recall by confidence",
    "pr": "precision by recall",
}

KINDS_WITH_CLASSES = frozenset({"f1", "r"})
"""Precision curves of classes lie on the frame or jump: they cannot be read."""

MIN_SHARE = 0.98
"""Of the columns must show the blue curve: every framework draws it from 0 to 1."""

ASPECT = 1.5
AXES_SHARE = (0.78, 0.9)
"""The frameworks' figures have 9 x 6 inches, of which the axes' height is .83 to .86."""

STROKE_EMS = 0.3
WIDTHS = (0.72, 1.4)
"""The curve is 3 pt wide beside text of 10 pt; by how much that may be off: seaborn's text has 8 or 11 pt,
and making a picture smaller blurs edges."""

MAX_PIECES = 0.02
"""Of the columns may hold two pieces of blue: JPEG tears a steep curve now and then."""


@dataclass(frozen=True)
class CurveReading:
    """What a curve picture says.

    ``kind`` f1, p, r or pr, None where nothing tells; ``group`` box, mask or pose as the file is named.
    ``status``:

    - exact: ``value`` (best F1, precision or recall; mAP50 of a PR curve) and ``confidence`` (None for
      PR) are the legend's digits, and the traced curve agrees with them;
    - approximate: the legend could not be read surely; ``value`` and ``confidence`` are None, and only
      what was traced is known;
    - unreadable: nothing is known.

    ``reason`` says why a reading is not exact. Traced from the curve: ``value_curve`` (its maximum, or the
    area under a PR curve, 4 digits), ``confidence_curve`` (where), ``curve`` (n, 2) of x and y, 0 to 1.
    ``classes`` are those of an F1 or recall picture whose thin curves are seen for the most part.
    """

    kind: Optional[str]
    status: str
    reason: str = ""
    group: Optional[str] = None
    confidence: Optional[float] = None
    value: Optional[float] = None
    confidence_curve: Optional[float] = None
    value_curve: Optional[float] = None
    curve: Floats = field(default_factory=lambda: np.empty((0, 2)))
    classes: tuple[ClassCurve, ...] = ()

    @property
    def f1(self) -> Optional[float]:
        """The best F1 as printed, of an exact reading of an F1 picture."""
        return self.value if self.kind == "f1" else None

    @property
    def f1_curve(self) -> Optional[float]:
        """The best F1 as traced, 4 digits, of an F1 picture."""
        return self.value_curve if self.kind == "f1" else None


def read_curve(path: Union[str, os.PathLike[str]]) -> CurveReading:
    """The numbers in a picture file. Never raises: what cannot be read is ``unreadable``, with the reason."""
    name = os.path.basename(os.fspath(path))
    try:
        data = raster.read_bytes(os.fspath(path))
    except Unreadable as why:
        return _unreadable(name, str(why))
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> CurveReading:
    """The same for the bytes of a file called ``name``."""
    try:
        reading = _read(raster.decode(data), name)
    except Unreadable as why:
        return _unreadable(name, str(why))
    return replace(reading, group=named(name).group)


def _unreadable(name: str, reason: str) -> CurveReading:
    known = named(name)
    return CurveReading(known.kind, "unreadable", reason, known.group)


def _read(picture: Raster, name: str) -> CurveReading:
    axes = find_axes(picture)
    sample = find_sample(picture, axes)
    if sample is None:
        raise Unreadable("No legend: no thick blue line stands right of the axes.")
    legend = read_legend(picture, sample)
    if legend is None or not legend.recognised:
        raise Unreadable("No legend: 'all classes' does not stand right of the axes.")
    if legend.value is None:
        raise Unreadable("The legend says nan: the validation had nothing to measure.")
    if not ticks_of_0_to_1(picture, axes):
        raise Unreadable("The axes' ticks are not those of an axis from 0 to 1.")
    traced = trace(picture, axes, sample.thickness / 2)
    _check_stroke(traced, sample)
    shown = read_kind(picture, axes)
    kind = _kind(named(name).kind, shown)
    pixel = 1 / axes.height
    if legend.sure:
        _check_legend(kind, legend, traced, pixel)
    elif not _whole_figure(picture, axes):
        raise Unreadable(
            "The digits of the legend cannot be read, and a part of the picture is cut off."
        )
    reading = _assembled(kind, legend, _doubt(legend, shown), traced, pixel)
    if kind not in KINDS_WITH_CLASSES:
        return reading
    return replace(reading, classes=read_classes(picture, axes, sample))


def _whole_figure(picture: Raster, axes: Axes) -> bool:
    """Whether the axes stand in the picture as the frameworks place them: then they run from 0 to 1."""
    (height, width) = picture.ink.shape
    (least, most) = AXES_SHARE
    return abs(width / height / ASPECT - 1) < 0.01 and bool(least < axes.height / height < most)


def _check_stroke(traced: Traced, sample: Sample) -> None:
    if traced.share < MIN_SHARE:
        raise Unreadable(
            f"The blue curve is in {traced.share:.0%} of the axes' width, not all of it."
        )
    if traced.pieces > MAX_PIECES:
        raise Unreadable("There is more than one blue curve.")
    widths = (sample.thickness / sample.em / STROKE_EMS, traced.thickness / sample.thickness)
    if not all(WIDTHS[0] < width < WIDTHS[1] for width in widths if not np.isnan(width)):
        raise Unreadable("The blue curve is not as thick as the frameworks draw it.")


def _kind(by_name: Optional[str], shown: Optional[str]) -> str:
    if by_name and shown and by_name != shown:
        raise Unreadable(
            f"The file's name says {KIND_WORDS[by_name]}, its axes say {KIND_WORDS[shown]}."
        )
    kind = shown or by_name
    if kind is None:
        raise Unreadable("Neither the file's name nor the axes' labels tell what is drawn.")
    return kind


def _doubt(legend: Reading, shown: Optional[str]) -> Optional[str]:
    if not legend.sure:
        return "The digits of the legend cannot be read surely; the numbers are the traced curve's."
    if shown is None:
        return "The labels of the axes cannot be read; the kind of curve is the file name's."
    return None


def _check_legend(kind: str, legend: Reading, traced: Traced, pixel: float) -> None:
    if (legend.form == "map") != (kind == "pr"):
        raise Unreadable(f"The legend is not that of {KIND_WORDS[kind]}.")
    differs = agreement.disagreement(legend, traced, pixel)
    if differs:
        raise Unreadable(differs)


def _assembled(
    kind: str, legend: Reading, doubt: Optional[str], traced: Traced, pixel: float
) -> CurveReading:
    (confidence, value) = agreement.best(traced, pixel)
    seen = ~np.isnan(traced.y)
    exact = legend if doubt is None else None
    return CurveReading(
        kind=kind,
        status="exact" if exact else "approximate",
        reason=doubt or "",
        confidence=exact.confidence if exact else None,
        value=exact.value if exact else None,
        confidence_curve=None if kind == "pr" else round(confidence, 4),
        value_curve=round(agreement.area(traced) if kind == "pr" else value, 4),
        curve=np.column_stack([traced.x[seen], traced.y[seen]]),
    )
