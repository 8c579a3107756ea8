"""Pictures that look like curves and are not what they say are never read as exact."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens.thresholds.picture import read_bytes
from tests.pictures import drawing
from tests.pictures.drawing import Manner, draw

pytest.importorskip("matplotlib", reason="draws pictures with matplotlib, which is not installed")

ROWS = drawing.f1_by_confidence(np.random.default_rng(3), 4)
TRUE = draw("f1", ROWS)


def label(value: float, confidence: float) -> str:
    return f"all classes {value % 1:.2f} at {confidence % 1:.3f}"


LIARS = {
    "half the confidence axis": Manner(xlim=(0, 0.5)),
    "confidence to 0.9": Manner(xlim=(0, 0.9)),
    "confidence to 1.1": Manner(xlim=(0, 1.1)),
    "confidence from 0.02": Manner(xlim=(0.02, 1)),
    "margins": Manner(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05)),
    "value to 0.9": Manner(ylim=(0, 0.9)),
    "value to 1.05": Manner(ylim=(0, 1.05)),
    "value to 2": Manner(ylim=(0, 2)),
    "value from 0.1": Manner(ylim=(0.1, 1)),
    "value .02 too high": Manner(label=label(TRUE.value + 0.02, TRUE.confidence)),
    "value .02 too low": Manner(label=label(TRUE.value - 0.02, TRUE.confidence)),
    "confidence elsewhere": Manner(label=label(TRUE.value, TRUE.confidence + 0.25)),
    "thin": Manner(width=1),
    "thick": Manner(width=6),
    "green": Manner(colour="green"),
    "dark blue": Manner(colour="darkblue"),
    "two curves": Manner(second=TRUE.curve * 0.6),
    "nan": Manner(label="all classes nan at 0.000"),
    "another legend": Manner(label="my best model 0.85"),
    "legend of a PR curve": Manner(label=f"all classes {TRUE.value:.3f} mAP@0.5"),
    "another axis": Manner(ylabel="Precision"),
}


def test_truth_is_read():
    reading = read_bytes(TRUE.data, "F1_curve.png")
    assert (reading.status, reading.reason) == ("exact", "")
    assert (reading.f1, reading.confidence) == (round(TRUE.value, 2), round(TRUE.confidence, 3))


@pytest.mark.parametrize("name", LIARS)
def test_liar_is_refused(name):
    reading = read_bytes(draw("f1", ROWS, LIARS[name]).data, "F1_curve.png")
    assert (reading.status, reading.f1, reading.confidence) == ("unreadable", None, None)
    assert reading.reason


def test_unknown_axis_is_not_exact():
    reading = read_bytes(draw("f1", ROWS, Manner(ylabel="Metric")).data, "F1_curve.png")
    assert reading.status == "approximate"
    assert reading.f1_curve == pytest.approx(TRUE.value, abs=0.002)


STYLES = {
    "dark": {"figure.facecolor": "#191a1c", "axes.facecolor": "#191a1c", "text.color": "white"}
    | {f"{part}.color": "white" for part in ("xtick", "ytick")}
    | {"axes.edgecolor": "white", "axes.labelcolor": "white"},
    "tinted": {"axes.facecolor": "#EAEAF2", "axes.edgecolor": "white", "axes.grid": True}
    | {"grid.color": "white", "xtick.bottom": False, "ytick.left": False},
    "font 11": {"font.size": 11},
}


@pytest.mark.parametrize("style", STYLES)
def test_styles(style):
    reading = read_bytes(draw("f1", ROWS, Manner(style=STYLES[style])).data, "F1_curve.png")
    assert (reading.status, reading.reason) == ("exact", "")
    assert (reading.f1, reading.confidence) == (round(TRUE.value, 2), round(TRUE.confidence, 3))


@pytest.mark.parametrize("seed", range(6))
def test_known_arrays(seed):
    """Whatever is read as exact is what was drawn, and the traced maximum is close to it."""
    rng = np.random.default_rng(seed)
    rows = drawing.f1_by_confidence(rng, int(rng.integers(1, 30)), rng.choice([0, 0.05, 0.1]))
    drawn = draw("f1", rows)
    reading = read_bytes(drawn.data, "F1_curve.png")
    assert reading.status == "exact"
    assert reading.f1 == float(f"{drawn.value:.2f}")
    assert reading.confidence == float(f"{drawn.confidence:.3f}")
    assert reading.f1_curve == pytest.approx(drawn.value, abs=0.0015)
