"""Breakdowns that recover: what is one, how long it lasts, and both sides of every number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.unsteady import collapses, late_noise, spikes

N = 60
SWING = np.tile([0.0, 1.0, -1.0], N // 3)
"""Noise of 1.816 times its size whose running median stands still."""

SIGMA = 1.816


def steady(level: float = 0.6, n: int = N) -> np.ndarray:
    return np.full(n, level)


def dipped(depth: float, *rows: int, level: float = 0.6) -> np.ndarray:
    metric = steady(level)
    metric[list(rows)] -= depth
    return metric


@pytest.mark.parametrize(("depth", "found"), [(0.151, [(30, 30)]), (0.149, [])])
def test_a_collapse_takes_a_quarter_of_the_level(depth: float, found: list[object]) -> None:
    assert collapses(dipped(depth, 30)) == found


@pytest.mark.parametrize(("depth", "found"), [(0.051, [(30, 30)]), (0.049, [])])
def test_a_collapse_takes_five_points(depth: float, found: list[object]) -> None:
    assert collapses(dipped(depth, 30, level=0.1)) == found


@pytest.mark.parametrize(("sigmas", "count"), [(6.1, 1), (5.9, 0)])
def test_a_collapse_is_six_sigma_off(sigmas: float, count: int) -> None:
    metric = 0.5 + 0.02 * SWING
    metric[30] = 0.5 - sigmas * SIGMA * 0.02
    assert len(collapses(metric)) == count


@pytest.mark.parametrize(("ratio", "found"), [(1.31, [(30, 30)]), (1.29, [])])
def test_a_spike_lies_a_third_above_the_lowest(ratio: float, found: list[object]) -> None:
    loss = steady(2.0)
    loss[30] *= ratio
    assert spikes(loss) == found


@pytest.mark.parametrize(("row", "count"), [(12, 1), (11, 0)])
def test_the_first_tenth_is_warm_up(row: int, count: int) -> None:
    metric = steady(n=120)
    metric[row] -= 0.3
    assert len(collapses(metric)) == count


@pytest.mark.parametrize(("left", "found"), [(0.07, [(30, 30)]), (0.08, [(30, 31)])])
def test_a_collapse_ends_where_half_of_it_is_left(left: float, found: list[object]) -> None:
    """A quarter of the level of 0.6 is .15, half of which is .075."""
    metric = dipped(0.3, 30)
    metric[31] -= left
    assert collapses(metric) == found


@pytest.mark.parametrize(("lucky", "count"), [(2, 0), (3, 1)])
def test_a_lucky_epoch_is_no_level(lucky: int, count: int) -> None:
    metric = dipped(0.1, 40)
    metric[20 : 20 + lucky] += 0.1
    metric[41:] += 0.1
    assert len(collapses(metric)) == count


@pytest.mark.parametrize(("n", "count"), [(20, 1), (19, 0)])
def test_few_epochs_tell_no_breakdown(n: int, count: int) -> None:
    assert len(collapses(dipped(0.4, 10)[:n])) == count
    loss = steady(2.0)[:n]
    loss[10] *= 3
    assert len(spikes(loss)) == count
    assert (late_noise(steady()[:n]) is None) is (count == 0)


def test_one_breakdown_of_many_epochs_is_one() -> None:
    assert collapses(dipped(0.4, *range(20, 35), 40)) == [(20, 34), (40, 40)]


def test_what_does_not_come_back_is_no_breakdown() -> None:
    assert collapses(dipped(0.4, *range(30, N))) == []
    assert spikes(np.where(np.arange(N) < 30, 1.0, 3.0)) == []


def test_rows_are_those_of_the_series_with_its_gaps() -> None:
    metric = dipped(0.4, 30)
    metric[[3, 10, 20]] = np.nan
    assert collapses(metric) == [(30, 30)]


def test_late_noise_is_that_of_the_second_half() -> None:
    metric = steady() + 0.01 * SWING
    metric[: N // 2] = np.random.default_rng(0).random(N // 2)
    assert late_noise(metric) == (pytest.approx(SIGMA * 0.01, rel=0.01), 0.6)
    assert late_noise(np.zeros(N)) is None


def test_late_noise_is_that_of_what_was_measured() -> None:
    metric = steady() + 0.01 * SWING
    metric[N // 2 :] = np.nan
    assert late_noise(metric) == (pytest.approx(SIGMA * 0.01, rel=0.01), 0.6)


values = st.lists(st.floats(0, 1) | st.just(math.nan), max_size=80)


@given(values)
def test_spells_are_in_order_inside_the_series_and_apart(series: list[float]) -> None:
    metric = np.array(series, np.float64)
    for found in (collapses(metric), spikes(metric)):
        ends = [row for spell in found for row in spell]
        assert ends == sorted(ends)
        assert all(0 <= row < len(metric) and np.isfinite(metric[row]) for row in ends)
        firsts = [first for (first, _) in found]
        assert len(set(firsts)) == len(firsts)


@given(st.lists(st.floats(0.01, 100), min_size=20, max_size=60), st.floats(0.001, 1000))
def test_the_unit_of_a_loss_does_not_matter(series: list[float], scale: float) -> None:
    loss = np.round(np.array(series), 2)
    assert len(spikes(loss)) == len(spikes(loss * 2.0 ** round(math.log2(scale))))
