"""Ranks and their correlation, against known values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.ranks import (
    MAX_RANKED,
    PERMUTATIONS,
    ranks,
    rising_p,
    spearman,
)

series = st.lists(st.integers(0, 9), min_size=2, max_size=20)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks(np.array([30.0, 10.0, 20.0, 20.0])).tolist() == [4.0, 1.0, 2.5, 2.5]


def test_the_correlation_is_the_known_one() -> None:
    """Ten people's IQ and hours of television, the textbook example: -29/165."""
    iq = np.array([86, 97, 99, 100, 101, 103, 106, 110, 112, 113.0])
    hours = np.array([2, 20, 28, 27, 50, 29, 7, 17, 6, 12.0])
    assert spearman(iq, hours) == pytest.approx(-29 / 165)


@given(series)
def test_a_series_goes_with_itself_and_against_its_negative(drawn: list[int]) -> None:
    values = np.array(drawn, np.float64)
    expected = float(len(set(drawn)) > 1)
    assert spearman(values, values) == pytest.approx(expected)
    assert spearman(values, -values) == pytest.approx(-expected)


@pytest.mark.parametrize(("order", "exact"), [([0, 1, 2, 3, 4], 1), ([0, 1, 2, 4, 3], 5)])
def test_the_permutation_test_is_near_the_exact_one(order: list[int], exact: int) -> None:
    """Of the 120 orders of five values as many correlate as highly."""
    found = rising_p(np.arange(5.0), np.array(order, np.float64))
    assert found == pytest.approx(exact / 120, abs=0.015)


def test_nothing_that_varies_is_no_evidence() -> None:
    assert rising_p(np.arange(6.0), np.ones(6)) == 1.0


def test_the_least_probability_is_that_of_the_orders_drawn() -> None:
    values = np.arange(50.0)
    assert rising_p(values, values) == 1 / (1 + PERMUTATIONS)


@pytest.mark.parametrize("n", [MAX_RANKED, MAX_RANKED + 1, 20 * MAX_RANKED])
def test_many_values_are_thinned_and_say_the_same(n: int) -> None:
    rng = np.random.default_rng(2)
    values = np.arange(float(n))
    assert rising_p(values, values + rng.normal(0, n, n)) < 0.01
