"""Whether a metric fell from its best: what counts, what is luck, and both sides of every number."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics import metric_change as module
from tensorboard_runlens.statistics.metric_change import (
    CHANGE_MIN,
    metric_change,
)
from tensorboard_runlens.statistics.noise import second_difference_sigma

N = 60
SWING = np.tile([0.0, 1.0, -1.0], 400)
"""Noise of 1.816 times its size whose running median stands still."""

SIGMA = 1.816


def steady(n: int = N) -> np.ndarray:
    """Rises to 0.6 and stays; no value comes twice."""
    return 0.6 - 0.5 * np.exp(-np.arange(n) / 4) + 1e-9 * np.arange(n)


def fallen(drop: float, since: int = 45, n: int = N) -> np.ndarray:
    return steady(n) - drop * (np.arange(n) >= since)


def quality(metric: np.ndarray, onset: Optional[int] = None) -> str:
    return metric_change(np.asarray(metric, np.float64), onset).quality


@pytest.mark.parametrize(("drop", "expected"), [(0.0101, "worse"), (0.0099, "same")])
def test_a_drop_of_less_than_a_point_is_none(drop: float, expected: str) -> None:
    assert quality(fallen(drop)) == expected


@pytest.mark.parametrize(("sigmas", "expected"), [(2.05, "worse"), (1.95, "same")])
def test_a_drop_of_less_than_two_sigma_of_the_noise_is_none(sigmas: float, expected: str) -> None:
    noise = 0.01 * SWING[:N]
    assert quality(fallen(sigmas * SIGMA * 0.01) + noise) == expected


@pytest.mark.parametrize(("noisy", "expected"), [(range(20), "worse"), (range(25, N), "same")])
def test_the_noise_is_that_since_the_best_stretch(noisy: range, expected: str) -> None:
    metric = fallen(0.03)
    metric[5:20] -= 0.001
    metric[noisy.start : noisy.stop] += 0.03 * SWING[: len(noisy)]
    assert quality(metric) == expected


@pytest.mark.parametrize(("first", "told_by"), [(8, 12), (10, 10), (13, 10)])
def test_the_noise_is_that_of_ten_epochs_at_least(first: int, told_by: int) -> None:
    metric = 0.3 + 0.01 * np.random.default_rng(0).random(20)
    metric[first : first + 5] += 0.3
    assert metric_change(metric, None).noise == second_difference_sigma(metric[-told_by:])


def test_one_lucky_epoch_is_no_best() -> None:
    metric = steady()
    metric[30] += 0.2
    change = metric_change(metric, None)
    assert (change.quality, change.drop) == ("same", pytest.approx(0, abs=1e-4))


@pytest.mark.parametrize(("lucky", "expected"), [(2, "same"), (3, "worse")])
def test_the_best_stretch_has_five_epochs_at_least(lucky: int, expected: str) -> None:
    metric = steady(30)
    metric[12 : 12 + lucky] += 0.05
    assert quality(metric) == expected


@pytest.mark.parametrize(("lucky", "expected"), [(6, "worse"), (5, "same")])
def test_the_best_stretch_is_a_tenth_of_the_epochs(lucky: int, expected: str) -> None:
    metric = steady(110)
    metric[50 : 50 + lucky] += 0.05
    assert quality(metric) == expected


@pytest.mark.parametrize(("lucky", "expected"), [(13, "worse"), (12, "same")])
def test_the_best_stretch_has_25_epochs_at_most(lucky: int, expected: str) -> None:
    metric = steady(300)
    metric[150 : 150 + lucky] += 0.05
    assert quality(metric) == expected


@pytest.mark.parametrize(("n", "expected"), [(300, "worse"), (301, "same")])
def test_of_long_trainings_every_other_stretch_is_compared(n: int, expected: str) -> None:
    """Thirteen of 25 epochs in a row are in one stretch only, which begins at an odd row."""
    metric = steady(n)
    metric[151:176:2] += 0.05
    assert quality(metric) == expected


@pytest.mark.parametrize(("dipped", "falls"), [(1, False), (2, True)])
def test_the_end_has_three_epochs_at_least(dipped: int, falls: bool) -> None:
    metric = steady(20)
    metric[-dipped:] -= 0.1
    assert (quality(metric) == "worse") is falls


@pytest.mark.parametrize(("since", "expected"), [(6, "worse"), (5, "same")])
def test_the_end_is_a_tenth_of_the_epochs(since: int, expected: str) -> None:
    """Most of the last tenth lies below, and the last three epochs do."""
    metric = steady(100)
    metric[-10:] -= 0.015 * (np.arange(10) >= 10 - since)
    assert quality(metric) == expected


@pytest.mark.parametrize(
    ("drop", "since", "expected"), [(0.015, 6, "worse"), (0.015, 5, "same"), (0.03, 5, "worse")]
)
def test_the_end_has_ten_epochs_at_most(drop: float, since: int, expected: str) -> None:
    """The median of ten of which five fell lies halfway."""
    assert quality(fallen(drop, since=400 - since, n=400)) == expected


def test_a_step_at_the_closing_of_mosaic_is_seen_in_a_long_training() -> None:
    assert quality(fallen(0.014, since=240, n=250)) == "worse"


@pytest.mark.parametrize(("recovered", "expected"), [(2, "same"), (1, "worse")])
def test_a_dip_that_recovered_by_the_end_is_none(recovered: int, expected: str) -> None:
    metric = fallen(0.05, since=50)
    metric[-recovered:] += 0.05
    assert quality(metric) == expected


def test_a_decline_over_hundreds_of_epochs_is_one() -> None:
    rows = np.arange(400)
    noise = np.random.default_rng(3).normal(0, 0.005, 400)
    metric = steady(400) - 0.04 * np.maximum(rows - 80, 0) / 320 + noise
    assert quality(metric) == "worse"


@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_noisy_plateaus_are_no_decline(correlation: float) -> None:
    """Of 200 drawn at most one in ten is called one; of the single best epoch it would be every one."""
    random = np.random.default_rng(1)
    called = [
        quality(np.clip(steady(n) + _noise(n, sigma, correlation, random), 0, 1))
        for sigma in (0.005, 0.01)
        for n in (30, 60, 100, 300)
        for _ in range(25)
    ]
    assert called.count("worse") <= 0.1 * len(called)


def _noise(n: int, sigma: float, correlation: float, random: np.random.Generator) -> np.ndarray:
    noise = random.normal(0, sigma, n)
    for row in range(1, n):
        noise[row] = correlation * noise[row - 1] + math.sqrt(1 - correlation**2) * noise[row]
    return noise


def in_steps(steps: int, images: int = 50) -> np.ndarray:
    """The accuracy of a few images, which falls by so many of them."""
    right = np.concatenate([np.arange(20, 40).repeat(2), [40] * 10, [40 - steps] * 10])
    return right / images


@pytest.mark.parametrize(
    ("steps", "onset", "expected"),
    [(5, None, "worse"), (4, None, "same"), (2, 40, "worse"), (1, 40, "same")],
)
def test_a_few_images_are_no_decline(steps: int, onset: Optional[int], expected: str) -> None:
    assert quality(in_steps(steps), onset) == expected


@pytest.mark.parametrize(("distinct", "expected"), [(31, "worse"), (30, "same")])
def test_a_metric_of_which_most_values_are_new_moves_freely(distinct: int, expected: str) -> None:
    rising = 0.6 - 0.01 * np.arange(distinct)[::-1]
    metric = np.concatenate([rising, np.full(N - 10 - distinct, 0.6), np.full(10, rising[-4])])
    assert len(np.unique(metric)) == distinct
    assert quality(metric) == expected


@pytest.mark.parametrize(("before", "expected"), [([0.5, 0.5], "worse"), ([0.48, 0.5], "same")])
def test_of_two_values_no_step_can_be_told(before: list[float], expected: str) -> None:
    assert quality(np.concatenate([np.repeat(before, 20), np.full(20, 0.45)])) == expected


@pytest.mark.parametrize(
    ("drop", "near"),
    [(0.0126, False), (0.0124, True), (0.0076, True), (0.0074, False)],
)
def test_a_quarter_on_either_side_of_the_limit_is_borderline(drop: float, near: bool) -> None:
    assert metric_change(fallen(drop), None).borderline is near


@pytest.mark.parametrize(("size", "sure"), [(0.013, True), (0.014, False)])
def test_a_fall_is_sure_from_three_and_a_half_of_its_errors_on(size: float, sure: bool) -> None:
    change = metric_change(fallen(0.06) + size * SWING[:N], None)
    assert (change.quality, change.sure) == ("worse", sure)
    assert change.drop / change.error == pytest.approx(3.5, abs=0.2)


def test_noise_that_a_fit_followed_is_larger_than_what_is_left() -> None:
    """By 15 %. Alternating values are fitted by their mean, and neighbours are not alike."""
    swinging = np.tile([-0.01, 0.01], 20)
    assert module._error(swinging, 0.0) == pytest.approx(0.0115 * math.sqrt(math.pi / 2))


@pytest.mark.parametrize("since", [N - 3, N - 6, N - 10, N - 20, N // 2])
def test_a_fall_is_no_noise_however_sudden(since: int) -> None:
    change = metric_change(fallen(0.02, since), None)
    assert change.error == pytest.approx(0, abs=1e-3)
    assert change.sure


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6])
def test_the_error_of_a_fall_is_as_large_as_it_says(correlation: float) -> None:
    random = np.random.default_rng(2)
    (errors, drops) = ([], [])
    for _ in range(200):
        change = metric_change(fallen(0.2, 60, 120) + _noise(120, 0.01, correlation, random), None)
        errors.append(change.error)
        drops.append(change.drop)
    assert 0.8 < np.mean(errors) / np.std(drops) < 1.6


def test_where_neighbours_err_alike_luck_is_no_sure_fall() -> None:
    """One curve in six is called fallen, since the noise from epoch to epoch tells less than there is."""
    random = np.random.default_rng(3)
    changes = [
        metric_change(steady(n) + _noise(n, 0.01, 0.6, random), None)
        for n in (30, 50, 100, 200, 300)
        for _ in range(60)
    ]
    fallen_ones = [one for one in changes if one.quality == "worse" and not one.borderline]
    assert len(fallen_ones) > 0.13 * len(changes)
    assert sum(one.sure for one in fallen_ones) < 0.07 * len(changes)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("wild", [95.0, -0.5, 1e308, -1e308, np.inf])
def test_what_is_no_fraction_is_no_measurement(wild: float) -> None:
    assert quality(np.full(N, wild)) == "unknown"
    metric = fallen(0.05)
    metric[::7] = wild
    assert metric_change(metric, None).drop == pytest.approx(0.05, abs=1e-3)


@pytest.mark.parametrize(
    ("gain", "expected"),
    [(0.014, ("better", False)), (0.011, ("better", True)), (0.009, ("same", True)), (0.0, ("same", False))],
)  # fmt: skip
def test_a_gain_since_the_onset_is_better(gain: float, expected: tuple[str, bool]) -> None:
    metric = steady() + gain * (np.arange(N) >= 45)
    change = metric_change(metric, 30)
    assert (change.quality, change.borderline) == expected


@pytest.mark.parametrize(("rows", "expected"), [(10, "worse"), (9, "unknown")])
def test_fewer_than_ten_epochs_say_nothing(rows: int, expected: str) -> None:
    metric = np.full(N, np.nan)
    metric[:rows] = np.linspace(0.6, 0.2, rows)
    assert quality(metric) == expected


@given(st.lists(st.floats(0, 1), max_size=80), st.none() | st.integers(0, 79))
def test_any_metric_gets_an_answer(values: list[float], onset: Optional[int]) -> None:
    change = metric_change(np.array(values, np.float64), onset)
    assert change.quality in ("better", "same", "worse", "unknown")
    assert (change.peak is None) == (change.quality == "unknown")
    assert change.peak is None or 0 <= change.peak < len(values)
    if change.quality == "worse":
        assert change.drop > change.limit >= CHANGE_MIN


@given(st.lists(st.floats(0.01, 1), min_size=12, max_size=60), st.integers(0, 11))
def test_rows_without_a_value_are_as_if_they_were_not_there(values: list[float], row: int) -> None:
    metric = np.array(values)
    change = metric_change(metric, None)
    spaced = metric_change(np.insert(metric, row, np.nan), None)
    assert (spaced.quality, spaced.drop, spaced.limit) == (
        change.quality,
        change.drop,
        change.limit,
    )
