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


def test_a_tabulated_quantile_has_its_own_p_value() -> None:
    known = null.quantiles(45, 0.2)
    p = null.p_value(float(known[null.PROBABILITIES.index(0.99)]), 45, 0.2)
    assert p == pytest.approx(0.01)


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
