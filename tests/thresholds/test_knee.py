"""Where precision begins to rise more slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.thresholds.best.knee import precision_knee

CONFIDENCE = np.linspace(0, 1, 201)


def bent(at: float, height: float = 0.9) -> np.ndarray:
    """Steep up to a confidence, then nearly level."""
    return np.interp(CONFIDENCE, [0, at, 1], [0.1, height, 0.95])


@pytest.mark.parametrize("at", [0.1, 0.25, 0.4])
def test_the_knee_is_where_it_bends(at):
    assert precision_knee(CONFIDENCE, bent(at)) == pytest.approx(at, abs=0.005)


def test_noise_does_not_move_it_far():
    noise = np.random.default_rng(0).normal(0, 0.01, len(CONFIDENCE))
    assert precision_knee(CONFIDENCE, bent(0.25) + noise) == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    "precision",
    [
        CONFIDENCE,
        CONFIDENCE**3,
        np.full(201, 0.8),
        0.9 + 0.04 * np.sqrt(CONFIDENCE),
        1 - CONFIDENCE,
    ],
    ids=["straight", "bent the other way", "level", "hardly any rise", "falling"],
)
def test_there_is_none(precision):
    assert precision_knee(CONFIDENCE, precision) is None


def test_where_nothing_is_right_the_curve_says_nothing():
    """Precision is 1 by convention where nothing passes, which is no rise."""
    passes = CONFIDENCE < 0.5
    precision = np.where(passes, np.interp(CONFIDENCE, [0, 0.1, 0.5], [0.2, 0.7, 0.75]), 1)
    assert precision_knee(CONFIDENCE, precision, passes * 0.5) == pytest.approx(0.1, abs=0.005)
    assert precision_knee(CONFIDENCE, precision, np.zeros(201)) is None


@given(st.lists(st.floats(0, 1), min_size=0, max_size=30))
def test_a_knee_is_a_confidence_or_none(precision):
    confidence = np.linspace(0, 1, len(precision))
    knee = precision_knee(confidence, np.array(precision))
    assert knee is None or knee in confidence
