"""Whether a curve still moves at its end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tensorboard_runlens.statistics import noise as module
from tensorboard_runlens.statistics.late_trend import late_trend


@given(arrays(np.float64, st.integers(5, 400), elements=st.floats(-1e3, 1e3, width=32)))
def test_a_gain_lies_in_its_interval(values: np.ndarray) -> None:
    trend = late_trend(values)
    assert trend.interval[0] - 1e-6 <= trend.gain <= trend.interval[1] + 1e-6
    assert 0 <= trend.p_rising <= 1
    assert 0 <= trend.first <= len(values) - 5


@pytest.mark.parametrize(("n", "first"), [(60, 45), (24, 18), (23, 18), (5, 0)])
def test_it_looks_at_the_last_quarter_and_five_epochs_at_least(n: int, first: int) -> None:
    assert late_trend(np.arange(float(n))).first == first


def test_a_straight_line_is_sure_and_its_slope_exact() -> None:
    trend = late_trend(0.2 + 0.001 * np.arange(80))
    assert trend.gain == pytest.approx(0.019)
    assert trend.interval == pytest.approx((0.019, 0.019))
    assert trend.p_rising < 1e-6
    assert late_trend(-np.arange(80.0)).p_rising > 1 - 1e-6


def test_an_outlier_changes_little() -> None:
    values = 0.2 + 0.001 * np.arange(80)
    values[75] = 0.0
    assert late_trend(values).gain == pytest.approx(0.019, abs=0.001)


def test_chance_is_told_from_a_trend_at_the_rate_it_states() -> None:
    random = np.random.default_rng(7)
    found = np.array([late_trend(random.normal(size=80)).p_rising for _ in range(1000)])
    assert 0.02 < np.mean(found < 0.05) < 0.07


@pytest.mark.parametrize("epochs", [60, 160])
def test_of_values_that_are_alike_chance_is_not_taken_for_a_trend(epochs: int) -> None:
    """A drift of correlated noise: without the correction every fifth would count as one."""
    random = np.random.default_rng(8)
    (found, held) = ([], 0)
    for _ in range(500):
        noise = random.normal(size=epochs)
        for row in range(1, epochs):
            noise[row] += 0.6 * noise[row - 1]
        trend = late_trend(noise)
        found.append(trend.p_rising)
        held += trend.interval[0] <= 0 <= trend.interval[1]
    assert np.mean(np.array(found) < 0.05) < 0.1
    assert held > 0.8 * 500


def test_an_interval_holds_the_slope_in_nine_cases_of_ten() -> None:
    random = np.random.default_rng(10)
    trends = [late_trend(random.normal(size=200)) for _ in range(1000)]
    held = [one.interval[0] <= 0 <= one.interval[1] for one in trends]
    assert 0.88 < np.mean(held) < 0.92


def test_likeness_is_reckoned_with_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours of a smooth curve are as alike as can be: without the limit nothing would be sure of it."""
    smooth = np.concatenate([np.zeros(300), np.linspace(0, 1, 100) ** 3])
    shaking = smooth + 0.3 * np.random.default_rng(9).normal(size=400)
    (sure, shaken) = (late_trend(smooth).p_rising, late_trend(shaking).p_rising)
    monkeypatch.setattr(module, "MOST_ALIKE", 0.99)
    assert sure < late_trend(smooth).p_rising / 10
    assert late_trend(shaking).p_rising == shaken


@pytest.mark.parametrize(("digit", "p"), [(4e-6, True), (4e-5, False)])
def test_the_last_digits_of_a_table_are_no_noise(digit: float, p: bool) -> None:
    """Half of the epochs are rounded up: below five digits that is a straight line."""
    values = 0.2 + 0.001 * np.arange(80)
    values[60:70] += digit
    line = late_trend(0.2 + 0.001 * np.arange(80)).p_rising
    assert (late_trend(values).p_rising == line) is p


def test_values_beyond_all_measure_raise_nothing() -> None:
    late_trend(np.array([1e308, -1e308] * 20))


def test_long_quarters_are_thinned() -> None:
    values = np.sin(np.arange(4000.0)) + 0.001 * np.arange(4000)
    trend = late_trend(values)
    assert trend.first == 3000
    assert trend.gain == pytest.approx(1.0, abs=0.4)
