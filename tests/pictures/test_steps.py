"""The single steps of reading a curve picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tensorboard_runlens.thresholds.pictures import agreement, glyphs
from tensorboard_runlens.thresholds.pictures.axes import Axes, longest_run, runs
from tensorboard_runlens.thresholds.pictures.legend import Reading
from tensorboard_runlens.thresholds.pictures.provenance import Named, named
from tensorboard_runlens.thresholds.pictures.stroke import Stroke, curve_of

AXES = Axes(left=0, right=1000, top=0, bottom=1000)
RADIUS = 5.2


@pytest.mark.parametrize(
    ("name", "kind", "group"),
    [
        ("F1_curve.png", "f1", None),
        ("BoxF1_curve.png", "f1", "box"),
        ("MaskPR_curve.png", "pr", "mask"),
        ("PoseR_curve (1).jpg", "r", "pose"),
        ("boxp_curve.png", "p", "box"),
        ("exp3-F1_curve.png", "f1", None),
        ("results.png", None, None),
        ("soap_curve.png", None, None),
    ],
)
def test_names(name, kind, group):
    assert named(name) == Named(kind, group)


@given(hnp.arrays(bool, st.integers(0, 60)))
def test_runs_cover_the_true_ones(flags):
    (starts, ends) = runs(flags)
    covered = np.zeros(len(flags), bool)
    for start, end in zip(starts, ends):
        covered[start : end + 1] = True
    assert (covered == flags).all()
    (first, last) = longest_run(flags)
    assert last - first + 1 == max((end - start + 1 for start, end in zip(starts, ends)), default=0)


def dilated(y: np.ndarray) -> Stroke:
    """The stroke that a round pen leaves along the rows ``y``, by brute force."""
    columns = np.arange(len(y), dtype=float)
    away = columns[None] - columns[:, None]
    bulge = np.sqrt(np.maximum(RADIUS**2 - away**2, 0))
    under = np.abs(away) <= RADIUS
    upper = np.where(under, y[None] - bulge, np.inf).min(axis=1)
    lower = np.where(under, y[None] + bulge, -np.inf).max(axis=1)
    return Stroke(columns / 1000, upper, lower, np.ones(len(y), np.intp))


@given(st.integers(0, 2**32 - 1))
def test_stroke_is_turned_back_into_its_curve(seed):
    rng = np.random.default_rng(seed)
    steps = np.convolve(rng.normal(0, 1, 400), np.ones(40) / 40, mode="same")
    y = np.clip(500 + np.cumsum(steps), 50, 950)
    traced = curve_of(dilated(y), AXES, RADIUS)
    true = 1 - y / 1000
    assert np.abs(traced.y - true)[6:-6].max() < 0.004
    assert np.nanmax(traced.high) == pytest.approx(true.max(), abs=0.0006)
    assert (traced.high >= true - 1e-9).all()


def flat_with_peak(height: float, at: float) -> Stroke:
    x = np.linspace(0.003, 0.997, 995)
    rows = 1000 * (1 - height * np.exp(-(((x - at) / 0.2) ** 2)))
    return Stroke(x, rows - RADIUS, rows + RADIUS, np.ones(len(x), np.intp))


@given(st.floats(0.1, 0.95), st.floats(0.2, 0.8), st.floats(-0.1, 0.1))
def test_agreement_with_the_printed_value(height, at, off):
    traced = curve_of(flat_with_peak(height, at), AXES, RADIUS)
    reading = Reading("confidence", height + off, at, 1, 1, 1)
    differs = agreement.disagreement(reading, traced, 0.001)
    if abs(off) < 0.005:
        assert differs is None
    if abs(off) > 0.009:
        assert "legend says" in differs


@given(st.floats(0.3, 0.95), st.floats(0.2, 0.8), st.floats(0.05, 0.15))
def test_agreement_with_the_printed_confidence(height, at, off):
    traced = curve_of(flat_with_peak(height, at), AXES, RADIUS)
    assert agreement.disagreement(Reading("confidence", height, at, 1, 1, 1), traced, 0.001) is None
    elsewhere = Reading("confidence", height, at + off, 1, 1, 1)
    assert "where the curve has" in agreement.disagreement(elsewhere, traced, 0.001)


def test_area_is_compared_with_map():
    traced = curve_of(flat_with_peak(0.8, 0.4), AXES, RADIUS)
    area = agreement.area(traced)
    assert agreement.disagreement(Reading("map", area, None, 1, 1, 1), traced, 0.001) is None
    assert agreement.disagreement(Reading("map", area + 0.01, None, 1, 1, 1), traced, 0.001)


@pytest.mark.parametrize("font", glyphs.FONTS)
def test_fonts_have_every_character_and_equally_wide_digits(font):
    model = glyphs.line(font, "0123456789", 32)
    widths = np.diff([*model.starts, model.ends[-1]])
    assert np.ptp(widths) < 0.01
    for word in ("all classes", "at mAP@0.5", "F1", "Confidence", "Precision", "Recall", "nan"):
        for character in set(word) - {" "}:
            assert glyphs.line(font, character, 32).shades.max() > 0.9
    assert not glyphs.line(font, "Z", 32).shades.any()  # what a font lacks is blank
