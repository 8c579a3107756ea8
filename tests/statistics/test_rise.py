"""The test of a rise: what each of its limits decides, and how far its numbers can be trusted."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics import rise as rises
from tensorboard_runlens.statistics.noise import (
    robust_sigma,
    running_median,
    second_difference_sigma,
)
from tensorboard_runlens.statistics.null import SMALLEST_P
from tensorboard_runlens.statistics.rise import (
    MIN_EXCESS,
    Rise,
    fitted_rise,
    plausible,
    rise_of,
)
from tensorboard_runlens.statistics.rise_probability import Traits, features, log_odds
from tensorboard_runlens.statistics.unimodal import Unimodal

from .histories import draw


def odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def a_rise(
    probability: float = 0.9,
    p: float = 1e-6,
    excess: float = 0.3,
    drop: float = 0.3,
    margin: float = 0.0,
) -> Rise:
    traits = Traits(p, math.log1p(excess), drop, 0.5, 60)
    return Rise(traits, odds(probability), margin, 20, (18, 22))


SURE = {"probability": 0.9, "p": 1e-6, "excess": 0.3, "drop": 0.3}
ONLY_LIKELY = {"p": 0.002}
ONLY_CLEAR = {"probability": 0.4}


@pytest.mark.parametrize(
    ("rest", "name", "limit", "side"),
    [
        (ONLY_LIKELY, "probability", 0.5, 1),
        ({}, "p", 0.05, -1),
        (ONLY_LIKELY, "excess", 0.035, 1),
        ({}, "drop", 0.02, 1),
        ({}, "margin", math.log1p(0.3), -1),
        ({}, "probability", 0.2, 1),
        (ONLY_CLEAR, "p", 0.001, -1),
        (ONLY_CLEAR, "excess", 0.05, 1),
    ],
)
def test_a_little_beyond_a_limit_is_an_overfit_and_a_little_before_none(
    rest: dict[str, float], name: str, limit: float, side: int
) -> None:
    beyond = a_rise(**{**SURE, **rest, name: limit * (1 + 0.01 * side)})
    before = a_rise(**{**SURE, **rest, name: limit * (1 - 0.01 * side)})
    assert beyond.significant
    assert not before.significant
    assert beyond.near_limit
    assert before.near_limit


def test_a_quarter_from_a_limit_is_near_it() -> None:
    assert a_rise(drop=0.0248).near_limit
    assert not a_rise(drop=0.0252).near_limit
    assert a_rise(drop=0.0162).near_limit
    assert not a_rise(drop=0.0158).near_limit


def test_rows_with_losses_out_of_range_are_left_out() -> None:
    (low, high) = (1e-12, 1e12)
    val = np.array([low * 0.99, low * 1.01, high * 0.99, high * 1.01, 1.0, np.nan, 1.0])
    train = np.array([1.0, 1.0, 1.0, 1.0, high * 1.01, 1.0, np.inf])
    assert plausible(train, val).tolist() == [False, True, True, False, False, False, False]


def test_series_shorter_than_the_null_are_not_tested() -> None:
    falling = np.linspace(2, 1, 8)
    assert rise_of(falling, falling) is not None
    assert rise_of(falling[1:], falling[1:]) is None


@pytest.mark.parametrize(("rows", "points"), [(rises.MAX_POINTS, 150), (rises.MAX_POINTS + 1, 76)])
def test_long_series_are_averaged_in_blocks(rows: int, points: int) -> None:
    falling = np.linspace(2, 1, rows)
    tested_rise = rise_of(falling, falling)
    assert tested_rise is not None
    assert tested_rise.traits.points == points


def curve(n: int, sigma: float, seed: int = 0, excess: float = 0.0) -> np.ndarray:
    """Falls, then rises from its middle on."""
    rows = np.arange(n)
    truth = 1 + np.exp(-12 * rows / n)
    rise = 1 + excess * np.maximum(rows - n // 2, 0) / (n - 1 - n // 2)
    return truth * rise * np.exp(np.random.default_rng(seed).normal(0, sigma, n))


def train(n: int) -> np.ndarray:
    return np.exp(-np.arange(n) / n)


@pytest.mark.parametrize(("width", "goes"), [(3, True), (4, False)])
def test_isolated_spikes_are_taken_out_and_lasting_ones_are_not(width: int, goes: bool) -> None:
    """Three of the seven points of the running median are a spike, four are a level."""
    val = curve(60, 0.002)
    val[40 : 40 + width] *= 2
    kept = rises._Pair.of(train(60), val).log_val[41]
    assert bool(kept < np.log(val[41]) - 0.5) is goes


@pytest.mark.parametrize(("sigmas", "goes"), [(5.1, True), (4.9, False)])
def test_five_sigmas_off_is_a_spike(sigmas: float, goes: bool) -> None:
    log_val = np.log(curve(150, 0.01))
    log_val[40] += 1
    middle = running_median(log_val, rises.MEDIAN_WINDOW)
    spread = max(robust_sigma(log_val - middle), second_difference_sigma(log_val))
    log_val[40] = middle[40] + sigmas * spread
    kept = rises._Pair.of(train(150), np.exp(log_val)).log_val[40]
    assert bool(kept < log_val[40] - spread) is goes


@pytest.mark.parametrize(("row", "goes"), [(7, False), (8, True)])
def test_nothing_is_a_spike_in_the_first_twentieth(row: int, goes: bool) -> None:
    val = curve(150, 0.002)
    val[row] *= 5
    kept = rises._Pair.of(train(150), val).log_val[row]
    assert bool(kept < np.log(val[row]) - 0.5) is goes


@pytest.mark.parametrize(
    ("points", "last"), [(8, 3), (39, 3), (40, 4), (119, 11), (120, 12), (150, 12)]
)
def test_the_end_is_the_last_tenth_of_three_to_twelve_points(points: int, last: int) -> None:
    assert rises._last_window(points) == last


def test_the_end_of_a_line_is_its_last_point() -> None:
    for points in (8, 39, 40, 150):
        assert rises._end(np.arange(points, dtype=np.float64)) == pytest.approx(points - 1)


@pytest.mark.parametrize("n", [12, 30, 60, 120])
@pytest.mark.parametrize("size", [1.1, 2])
def test_one_wild_last_epoch_is_no_overfit(n: int, size: float) -> None:
    """SLOPE_MIN: a slope of fewer points would follow it."""
    val = curve(n, 0.005)
    val[-1] *= size
    found = rise_of(train(n), val)
    assert found is not None
    assert not found.significant


def test_the_variance_of_the_end_is_as_stated() -> None:
    for points in (30, 60, 150):
        random = np.random.default_rng(points)
        drawn = [rises._end(random.normal(size=points)) for _ in range(2000)]
        assert np.var(drawn) == pytest.approx(rises._end_variance(points), rel=0.2)


def test_the_noise_of_a_monotone_curve_is_told_without_bias() -> None:
    """Without the factor the median would be .8 to .9 of the truth."""
    random = np.random.default_rng(4)
    ratios = []
    for _ in range(100):
        values = np.linspace(0.5, 0, 60) + random.normal(0, 0.02, 60)
        ratios.append(rises._noise(values, rises.fit_unimodal(values))[0] / 0.02)
    assert 0.93 < float(np.mean(ratios)) < 1.1


def test_noise_that_a_fit_followed_is_larger_than_what_is_left() -> None:
    """By 15 %. Steps of five points have no second differences to speak of."""
    left = np.resize(np.repeat([0.01, -0.01], 5), 60)
    flat = Unimodal(30, np.zeros(61), np.zeros(60))
    assert rises._noise(left, flat)[0] == pytest.approx(0.0115)


def test_a_rise_is_as_small_as_its_margin_says_in_one_case_of_twenty() -> None:
    """A normal error: that of the end, and of the minimum as a mean of sixty points."""
    flat = Unimodal(30, np.zeros(61), np.zeros(60))
    (_, margin) = rises._effect(np.zeros(60), flat, 0.01, 0.01)
    error = 0.01 * math.sqrt(rises._end_variance(60) + 1 / 60)
    assert NormalDist().cdf(-margin / error) == pytest.approx(0.05, rel=0.01)


@pytest.mark.parametrize(("n", "capped"), [(24, True), (96, False)])
def test_correlation_is_believed_up_to_the_end_of_the_table(n: int, capped: bool) -> None:
    """A wave of twelve points; the fewer of them, the more of its correlation may be hidden."""
    values = np.sin(2 * np.pi * np.arange(n) / 12)
    (_, correlation) = rises._noise(values, rises.fit_unimodal(values))
    assert 0.7 < correlation <= rises.MAX_CORRELATION
    assert (correlation == rises.MAX_CORRELATION) is capped


@pytest.mark.parametrize(("n", "sigma"), [(30, 0.02), (120, 0.02), (60, 0.005)])
def test_the_rise_is_told_without_much_bias_and_its_bound_holds(n: int, sigma: float) -> None:
    """ONE_SIDED_95, and the minimum as a mean: the lowest point alone would be 1 sigma too low."""
    truth = math.log1p(0.2)
    found = [fitted_rise(train(n), curve(n, sigma, seed, 0.2)) for seed in range(150)]
    rise = np.array([one.traits.rise for one in found if one])
    margin = np.array([one.margin for one in found if one])
    assert abs(float(np.mean(rise)) - truth) < 0.5 * sigma
    assert 0.85 < float(np.mean(rise - margin <= truth)) <= 1.0
    assert float(np.mean(margin)) < 4 * sigma


def test_the_onset_window_holds_the_true_minimum() -> None:
    """ONSET_SIGMAS_SQUARED: narrower windows miss it more often, wider ones say little."""
    held, widths = [], []
    for seed in range(100):
        val = curve(60, 0.02, seed, 0.3)
        found = fitted_rise(train(60), val)
        assert found is not None
        lowest = int(np.argmin(curve(60, 0.0, 0, 0.3)))
        held.append(found.onset[0] - 1 <= lowest <= found.onset[1] + 1)
        widths.append(found.onset[1] - found.onset[0] + 1)
    assert np.mean(held) > 0.85
    assert np.median(widths) < 25


def same_verdict(one: Rise, other: Rise) -> bool:
    return one == other or not (one.significant or other.significant or other.near_limit)


@given(st.lists(st.floats(0.05, 50), min_size=8, max_size=60), st.integers(0, 20))
def test_the_screen_never_drops_what_the_full_test_would_flag(val: list[float], seed: int) -> None:
    falling = np.exp(-np.arange(len(val)) / 5) * np.random.default_rng(seed).uniform(0.9, 1)
    (screened, full) = (
        rise_of(falling, np.array(val)),
        fitted_rise(falling, np.array(val)),
    )
    assert screened is not None
    assert full is not None
    assert same_verdict(screened, full)


def test_the_screen_drops_most_that_do_not_rise_and_nothing_that_does() -> None:
    dropped = 0
    for one in draw(40, seed=3):
        (screened, full) = (rise_of(one.train, one.val), fitted_rise(one.train, one.val))
        assert screened is not None
        assert full is not None
        assert same_verdict(screened, full)
        dropped += screened != full
    assert dropped > 40


def test_a_screened_curve_has_no_rise_to_speak_of() -> None:
    found = rise_of(train(60), curve(60, 0.001))
    assert found is not None
    assert found.traits.p_value == 1.0
    assert 0 <= found.excess < MIN_EXCESS
    assert found.score < 0.2


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("p_value", 0.01, 0.001),
        ("rise", 0.02, 0.05),
        ("train_drop", 0.02, 0.1),
        ("trend", 0.1, 0.8),
        ("points", 100, 50),
    ],
)
def test_every_trait_moves_the_probability_as_it_should(
    name: str, less: float, more: float
) -> None:
    traits = Traits(0.01, 0.05, 0.1, 0.3, 60)
    (one, other) = (replace(traits, **{name: value}) for value in (less, more))
    assert log_odds(one) < log_odds(other)


@pytest.mark.parametrize(("rise", "likely"), [(0.0806, False), (0.0822, True)])
def test_from_a_rise_on_an_overfit_is_likelier_than_none(rise: float, likely: bool) -> None:
    """As it was calibrated; were any of its weights another, the limit would lie elsewhere."""
    assert (log_odds(Traits(0.001, rise, 0.2, 0.6, 120)) > 0) is likely


def test_one_unit_of_a_feature_is_its_stated_unit() -> None:
    (p, rise, drop, trend, points) = features(Traits(0.1, 0.02, -0.05, 0.4, 50))
    assert (p, trend, points) == (pytest.approx(-1), 0.4, 0.0)
    assert rise == pytest.approx(math.log(2))
    assert drop == pytest.approx(-math.log(2))


@given(
    st.floats(SMALLEST_P, 1),
    st.floats(0, 50),
    st.floats(-1e21, 1),
    st.floats(-1, 1),
    st.integers(8, 150),
)
def test_any_traits_have_a_probability(
    p: float, rise: float, drop: float, trend: float, points: int
) -> None:
    traits = Traits(p, rise, drop, trend, points)
    found = Rise(traits, log_odds(traits), 0.0, 0, (0, 0))
    assert 0 <= found.score <= 1
    assert isinstance(found.significant, bool)


@pytest.mark.parametrize(("error", "first"), [(3.9, 19), (4.1, 29)])
def test_splits_within_four_sigma_squared_of_the_best_may_be_the_onset(
    error: float, first: int
) -> None:
    errors = np.full(61, 100.0)
    (errors[20], errors[30]) = (error, 0.0)
    assert rises._onset_window(Unimodal(30, errors, np.zeros(60)), 1.0, 1.0) == (first, 29)


def test_the_slope_at_the_end_is_that_of_seven_points() -> None:
    """Pairs of squares have slopes that are the sums of their roots: 32 in the middle of 13 to 19, 31 from 12 on."""
    assert rises._end(np.arange(20.0) ** 2) == 18**2 + 32
