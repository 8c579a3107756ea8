"""The table of what chance alone does: where it comes from, and how p-values are read off it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics import null

CELLS = [(8, 0.0), (20, 0.4), (70, 0.2), (150, 0.8)]
REPEATS = 2000


@pytest.mark.parametrize(("n", "correlation"), CELLS)
def test_the_table_agrees_with_a_new_simulation(n: int, correlation: float) -> None:
    drawn = null.simulate(n, correlation, REPEATS, np.random.default_rng(1))
    for probability in (0.5, 0.9, 0.99):
        known = null.quantiles(n, correlation)[null.PROBABILITIES.index(probability)]
        share_above = float((drawn > known).mean())
        standard_error = (probability * (1 - probability) / REPEATS) ** 0.5
        assert abs(share_above - (1 - probability)) < 4 * standard_error


def test_the_table_rises_along_every_row_of_probabilities() -> None:
    assert np.all(np.diff(null.table(), axis=2) > 0)


def test_the_table_is_read_where_it_was_simulated() -> None:
    for row, n in enumerate((8, 10, 14, 20, 30, 45, 70, 100, 150)):
        for column, correlation in enumerate((0.0, 0.2, 0.4, 0.6, 0.8)):
            np.testing.assert_allclose(null.quantiles(n, correlation), null.table()[row, column])


@pytest.mark.parametrize(("correlation", "cells"), [(0.1, slice(0, 2)), (0.7, slice(3, 5))])
def test_between_correlations_lies_the_mean_of_their_quantiles(
    correlation: float, cells: slice
) -> None:
    between = null.table()[0, cells].mean(axis=0)
    np.testing.assert_allclose(null.quantiles(8, correlation), between)


@pytest.mark.parametrize(("n", "below", "above", "row"), [(9, 8, 10, 0), (120, 100, 150, 7)])
def test_between_lengths_logarithms_tell_how_far(n: int, below: int, above: int, row: int) -> None:
    (first, second) = null.table()[row : row + 2, 0]
    share = np.log(n / below) / np.log(above / below)
    np.testing.assert_allclose(null.quantiles(n, 0.0), first + share * (second - first))


def test_a_tabulated_quantile_has_its_own_p_value() -> None:
    known = null.quantiles(45, 0.2)
    expected = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001)
    assert [null.p_value(float(one), 45, 0.2) for one in known] == pytest.approx(expected)


@pytest.mark.parametrize(("beyond", "smallest"), [(1.05e-6, False), (0.95e-6, True)])
def test_chances_below_one_in_a_million_are_one(beyond: float, smallest: bool) -> None:
    """The tail goes on as an exponential one beyond the last quantile."""
    (before, last) = null.quantiles(45, 0.2)[[-3, -1]]
    slope = np.log(0.001 / 0.01) / (last - before)
    p = null.p_value(float(last + np.log(beyond / 0.001) / slope), 45, 0.2)
    assert (p > beyond * 1.001) is smallest


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(8, 400), st.floats(0, 1))
def test_a_larger_statistic_never_has_a_larger_p_value(
    one: float, other: float, n: int, correlation: float
) -> None:
    (low, high) = sorted((one, other))
    assert null.p_value(high, n, correlation) <= null.p_value(low, n, correlation) + 1e-12


@given(st.floats(-10, 1e9), st.integers(1, 5000), st.floats(-1, 1))
def test_p_values_stay_between_the_smallest_and_one(
    statistic: float, n: int, correlation: float
) -> None:
    assert null.SMALLEST_P <= null.p_value(statistic, n, correlation) <= 1
