"""Monotone and unimodal fits against a brute-force reference."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.unimodal import falling_errors, falling_fit, fit_unimodal

values = st.lists(
    st.floats(-100, 100, allow_nan=False, allow_subnormal=False), min_size=1, max_size=25
)


def reference_falling_fit(series: list[float]) -> np.ndarray:
    """Non-increasing least squares by the min-max formula: min over starts of max over ends."""
    n = len(series)
    means = {(a, b): np.mean(series[a : b + 1]) for a in range(n) for b in range(a, n)}
    return np.array(
        [min(max(means[(a, b)] for b in range(i, n)) for a in range(i + 1)) for i in range(n)]
    )


@given(values)
def test_the_falling_fit_is_the_least_squares_one(series: list[float]) -> None:
    np.testing.assert_allclose(falling_fit(series), reference_falling_fit(series), atol=1e-9)


@given(values)
def test_the_error_of_every_prefix_is_that_of_its_own_fit(series: list[float]) -> None:
    errors = falling_errors(series)
    for end in range(1, len(series) + 1):
        residuals = np.array(series[:end]) - reference_falling_fit(series[:end])
        assert np.isclose(errors[end - 1], residuals @ residuals, atol=1e-6)


@given(values)
def test_the_best_split_beats_every_other(series: list[float]) -> None:
    fit = fit_unimodal(np.array(series))
    assert fit.errors[fit.split] == fit.errors.min()
    residuals = np.array(series) - fit.fit
    assert np.isclose(residuals @ residuals, fit.errors[fit.split], atol=1e-6)


@given(values)
def test_a_falling_curve_gains_nothing_from_a_rise(series: list[float]) -> None:
    assert fit_unimodal(np.array(sorted(series, reverse=True))).gain <= 1e-6


def test_a_v_is_split_at_its_tip() -> None:
    fit = fit_unimodal(np.array([5.0, 4, 3, 2, 1, 2, 3, 4, 5]))
    assert fit.split in (4, 5)
    assert fit.errors[fit.split] < 1e-9
    assert fit.gain > 1
