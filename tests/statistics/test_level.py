"""The level of a noisy curve: means of known curves, and how often their error holds what is true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.level import (
    UNKNOWN_NOISE,
    epochs_of,
    level_around,
    level_at_end,
)
from tensorboard_runlens.statistics.noise import lag_one
from tensorboard_runlens.statistics.student import wider

values = st.lists(st.floats(0, 1), min_size=1, max_size=80)


def shaking(n: int, rho: float, seed: int) -> np.ndarray:
    """Noise of standard deviation 1 whose neighbours are alike by ``rho``."""
    rng = np.random.default_rng(seed)
    noise = np.empty(n)
    noise[0] = rng.normal()
    for row in range(1, n):
        noise[row] = rho * noise[row - 1] + np.sqrt(1 - rho**2) * rng.normal()
    return noise


def test_ten_epochs_make_a_level_and_of_short_runs_a_third() -> None:
    assert [epochs_of(n) for n in (1, 2, 3, 5, 6, 29, 30, 300)] == [1, 1, 1, 1, 2, 9, 10, 10]


def test_the_level_at_the_end_is_the_mean_of_the_last() -> None:
    level = level_at_end(np.arange(40.0))
    assert (level.first, level.last) == (30, 39)
    assert level.mean == pytest.approx(34.5)
    assert level.sigma == pytest.approx(0, abs=1e-9)
    assert level.rise == pytest.approx(10)


@pytest.mark.parametrize(("centre", "first"), [(0, 0), (4, 0), (5, 0), (6, 1), (20, 15), (39, 30)])
def test_the_level_around_an_epoch_stays_within_the_curve(centre: int, first: int) -> None:
    level = level_around(np.arange(40.0), centre)
    assert (level.first, level.last) == (first, first + 9)


def test_a_flat_curve_has_no_noise() -> None:
    level = level_at_end(np.full(50, 0.25))
    assert (level.mean, level.error, level.rise) == pytest.approx((0.25, 0, 0), abs=1e-12)


@pytest.mark.parametrize(("n", "known"), [(7, False), (8, True)])
def test_fewer_epochs_than_noise_can_be_told_from_have_the_usual_one(n: int, known: bool) -> None:
    level = level_at_end(np.linspace(0.5, 0.501, n))
    assert (level.sigma < 1e-9) is known
    assert (level.sigma == UNKNOWN_NOISE) is not known


@pytest.mark.parametrize(("jump", "usual"), [(0.0155, True), (0.0165, False)])
def test_a_few_epochs_shake_by_one_point_six_at_least(jump: float, usual: bool) -> None:
    seen = 0.5 + jump * 6**0.5 / 4 * np.array([1.0, -1.0, 1.0])
    assert (level_at_end(seen).sigma > jump + 1e-9) is usual


def test_a_few_epochs_that_jump_are_known_to_shake() -> None:
    assert level_at_end(np.array([0.1, 0.5, 0.2])).sigma == pytest.approx(0.7 / 6**0.5)


@pytest.mark.parametrize("values", [[0.1, 0.2, 0.3, 0.4], [0.2, 0.4], [0.3, 0.5, 0.6, 0.65, 0.68]])
def test_the_rise_of_a_few_epochs_is_no_noise(values: list[float]) -> None:
    level = level_at_end(np.array(values))
    assert level.sigma < 0.035 < level.rise + 0.01


def test_a_few_epochs_gain_what_they_rose_by() -> None:
    values = np.array([0.1, 0.3, 0.4, 0.45, 0.5, 0.6])
    assert level_at_end(values).rise == pytest.approx(0.6 - 0.45)
    assert level_around(values, 0).rise == pytest.approx(0.2)
    assert level_around(values[:2], 0).rise == pytest.approx(0.2)


def test_a_single_epoch_gained_all_it_has() -> None:
    """Nothing tells how far it still is from where it would have arrived."""
    level = level_at_end(np.array([0.4]))
    assert (level.mean, level.error, level.rise) == (0.4, UNKNOWN_NOISE, 0.4)


def test_noise_is_that_of_the_epochs_around_and_no_others() -> None:
    values = np.zeros(200)
    values[:160] = shaking(160, 0, 1)
    assert level_at_end(values).sigma == pytest.approx(0, abs=1e-9)
    values[160] = 1.0
    assert level_at_end(values).sigma > 0.1


def test_a_parabola_takes_three_of_forty_epochs() -> None:
    noise = shaking(80, 0, 1)
    left = noise[40:] - np.polyval(np.polyfit(range(40), noise[40:], 2), range(40))
    assert level_at_end(noise).sigma == pytest.approx((left @ left / 37) ** 0.5)


def test_the_first_rise_is_no_noise_of_what_follows() -> None:
    """A short training rises as no parabola does, and is flat from its fourth epoch on."""
    values = np.where(np.arange(20) < 4, np.arange(20) / 10, 0.5)
    assert level_at_end(values).sigma == pytest.approx(0, abs=1e-9)
    assert level_around(values, 3).sigma > 0.01


def test_neighbours_that_are_alike_widen_the_error_up_to_a_limit() -> None:
    level = level_at_end(np.sin(np.arange(100) / 4))
    independent = (1 - 0.8) / (1 + 0.8)
    widest = level.sigma / np.sqrt(10 * independent) * wider(37 * independent)
    assert level.error == pytest.approx(widest)


def test_few_epochs_are_taken_to_be_as_alike_as_usual() -> None:
    """Their own correlation, freed of its bias, counts for as many epochs as there are, the usual one for ten."""
    values = np.array([0.5, 0.52, 0.49, 0.51, 0.5, 0.52, 0.5, 0.49, 0.51, 0.5, 0.51, 0.49])
    level = level_at_end(values)
    left = values[4:] - np.polyval(np.polyfit(range(8), values[4:], 2), range(8))
    own = lag_one(left) + (3 + 5 * lag_one(left)) / 8
    alike = (8 * own + 10 * 0.5) / (8 + 10)
    independent = (1 - alike) / (1 + alike)
    free = 5 * independent
    error = level.sigma / np.sqrt(4 * independent) * wider(free)
    assert own < alike < 0.5
    assert free > 2
    assert level.error == pytest.approx(error)


def test_noise_is_told_by_two_independent_epochs_at_least() -> None:
    level = level_at_end(np.array([0.1, 0.3, 0.5, 0.52, 0.53, 0.53, 0.52, 0.5]))
    assert level.error / level.sigma == pytest.approx(wider(2.0))


@pytest.mark.parametrize(
    ("epochs", "rho", "most"),
    [
        *[(100, 0.0, 0.05), (100, 0.3, 0.06), (100, 0.6, 0.09)],
        *[(30, 0.3, 0.07), (12, 0.0, 0.05), (12, 0.3, 0.09), (12, 0.6, 0.19)],
    ],
)
def test_the_error_holds_the_true_level(epochs: int, rho: float, most: float) -> None:
    """Of 400 curves 5 % are to be expected outside 1.96 errors; where neighbours are alike a dozen epochs tell less."""
    outside = 0
    base = 0.5 * (1 - np.exp(-np.arange(epochs) / (epochs / 4)))
    for seed in range(400):
        level = level_at_end(base + 0.01 * shaking(epochs, rho, seed))
        outside += abs(level.mean - base[level.first :].mean()) > 1.96 * level.error
    assert 0.005 < outside / 400 < most


def test_two_means_of_ten_are_told_apart_sooner_than_two_maxima() -> None:
    """Of equal curves of 20 and 200 epochs the longer one's maximum lies higher, its level does not."""
    (longer, shorter) = (0.01 * shaking(200, 0, 1), 0.01 * shaking(20, 0, 2))
    assert longer.max() - shorter.max() > 0.005
    (one, other) = (level_at_end(longer), level_at_end(shorter))
    assert abs(one.mean - other.mean) < 1.96 * np.hypot(one.error, other.error)


@given(values, st.integers(0, 100))
def test_a_level_lies_within_its_values(found: list[float], centre: int) -> None:
    array = np.array(found)
    level = level_around(array, min(centre, len(array) - 1))
    part = array[level.first : level.last + 1]
    assert part.min() - 1e-9 <= level.mean <= part.max() + 1e-9
    assert np.isfinite([level.error, level.sigma, level.rise]).all()
    assert level.error >= 0
