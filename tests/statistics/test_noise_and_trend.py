"""Noise, autocorrelation, spikes, order and averages of short series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tensorboard_runlens.statistics import noise, trend

series = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e3, 1e3, width=32))


@given(series, st.sampled_from([3, 5, 7]))
def test_a_running_median_keeps_length_and_range(values: np.ndarray, window: int) -> None:
    smooth = noise.running_median(values, window)
    assert len(smooth) == len(values)
    assert values.min() <= smooth.min() <= smooth.max() <= values.max()


def test_second_differences_see_noise_and_not_the_slope() -> None:
    random = np.random.default_rng(3)
    wiggle = random.normal(0, 0.02, 2000)
    slope = np.linspace(5, 1, 2000) ** 2
    assert noise.second_difference_sigma(slope) < 1e-4
    assert noise.second_difference_sigma(slope + wiggle) == pytest.approx(0.02, rel=0.03)


def test_a_robust_sigma_is_the_standard_deviation_of_normal_values() -> None:
    values = np.random.default_rng(3).normal(0, 0.02, 20_000)
    assert noise.robust_sigma(values) == pytest.approx(0.02, rel=0.03)


def test_lag_one_tells_white_noise_from_a_slow_drift() -> None:
    white = np.random.default_rng(4).normal(size=3000)
    assert abs(noise.lag_one(white)) < 0.06
    assert noise.lag_one(np.cumsum(white)) > 0.9
    assert noise.lag_one(np.ones(10)) == 0


@pytest.mark.parametrize("taken", [1, 2])
def test_likeness_is_freed_of_what_a_fitted_curve_hides(taken: int) -> None:
    """Of fifteen values whose neighbours are alike by 0.4 the plain correlation shows far less."""
    random = np.random.default_rng(6)
    (plain, freed) = ([], [])
    for _ in range(600):
        values = random.normal(size=15)
        for row in range(1, 15):
            values[row] = 0.4 * values[row - 1] + np.sqrt(1 - 0.4**2) * values[row]
        rest = values - np.polyval(np.polyfit(range(15), values, taken - 1), range(15))
        plain.append(noise.lag_one(rest))
        freed.append(noise.likeness(rest, taken))
    assert np.mean(plain) < 0.26
    assert np.mean(freed) == pytest.approx(0.4, abs=0.08)


@pytest.mark.parametrize(("rho", "capped"), [(0.7, False), (0.95, True)])
def test_neighbours_are_reckoned_alike_up_to_a_limit(rho: float, capped: bool) -> None:
    values = np.random.default_rng(7).normal(size=2000)
    for row in range(1, len(values)):
        values[row] += rho * values[row - 1]
    assert (noise.likeness(values, 1) == 0.8) is capped
    assert noise.likeness(np.resize([1.0, -1.0], 40), 1) == 0


def test_an_isolated_spike_is_clipped_and_a_step_is_not() -> None:
    values = np.linspace(2, 1, 40)
    values[20] = 9.0
    clipped = noise.clip_spikes(values, 7, 5.0, 2)
    assert clipped[20] < 2
    step = np.where(np.arange(40) < 20, 2.0, 1.0)
    np.testing.assert_array_equal(noise.clip_spikes(step, 7, 5.0, 2), step)


def test_the_first_points_are_never_clipped() -> None:
    values = np.ones(40) + np.random.default_rng(5).normal(0, 0.01, 40)
    values[0] = 50.0
    assert noise.clip_spikes(values, 7, 5.0, 2)[0] == 50.0


@pytest.mark.filterwarnings("error")
def test_order_is_told_beyond_all_measure() -> None:
    assert trend.kendall_tau_with_time(np.array([-1e308, 0.0, 1e308])) == 1


@given(series)
def test_tau_is_one_for_rising_and_minus_one_for_falling_order(values: np.ndarray) -> None:
    distinct = np.unique(values)
    if len(distinct) >= 3:
        assert trend.kendall_tau_with_time(distinct) == 1
        assert trend.kendall_tau_with_time(distinct[::-1]) == -1
    assert -1 <= trend.kendall_tau_with_time(values) <= 1


def test_a_fall_is_told_from_chance_at_the_rate_it_states() -> None:
    random = np.random.default_rng(3)
    chances = [trend.falling_p(random.normal(size=20)) for _ in range(2000)]
    assert 0.03 < np.mean(np.array(chances) < 0.05) < 0.06
    assert trend.falling_p(np.arange(10.0)[::-1]) < 1e-4 < 0.999 < trend.falling_p(np.arange(10.0))


def test_a_fall_of_two_values_means_nothing_and_a_long_one_is_thinned() -> None:
    assert trend.falling_p(np.array([2.0, 1.0])) == 1.0
    assert trend.falling_p(np.arange(100_000.0)[::-1]) < 1e-9


def test_one_wild_value_of_seven_does_not_turn_a_slope() -> None:
    values = np.arange(7.0)
    assert trend.theil_slope(values) == 1.0
    values[-1] = 100
    assert trend.theil_slope(values) == pytest.approx(1.0)
    assert trend.theil_slope(values[-3:]) > 10
