"""Groups of unequal size drawn towards their mean, and which of many differences to believe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.shrinkage import Z_90, below_p, discoveries, shrunk

groups = st.lists(st.tuples(st.floats(0, 1), st.floats(1e-4, 0.1)), min_size=1, max_size=30)


@given(groups)
def test_every_group_lies_between_its_own_value_and_the_others(
    drawn: list[tuple[float, float]],
) -> None:
    (values, variances) = map(np.array, zip(*drawn))
    (means, deviations) = shrunk(values, variances)
    assert np.all(means >= values.min() - 1e-9)
    assert np.all(means <= values.max() + 1e-9)
    assert np.all(deviations <= np.sqrt(variances) + 1e-9)
    assert np.all(deviations > 0)


def test_what_chance_explains_is_drawn_to_the_mean_entirely() -> None:
    (means, _) = shrunk(np.array([0.4, 0.5, 0.6]), np.full(3, 0.05))
    assert means == pytest.approx([0.5] * 3)


def test_the_fewer_cases_the_closer_to_the_mean() -> None:
    (means, deviations) = shrunk(
        np.array([0.9, 0.9, 0.9, 0.2, 0.2]), np.array([0.001, 0.001, 0.001, 0.001, 0.05])
    )
    assert 0.2 < means[3] < means[4] < 0.9
    assert deviations[3] < deviations[4]


def test_known_spread_is_found_again() -> None:
    """True values of standard deviation 0.1 and chance of 0.1: half of a difference is kept."""
    rng = np.random.default_rng(5)
    true = rng.normal(0.5, 0.1, 4000)
    (means, deviations) = shrunk(true + rng.normal(0, 0.1, 4000), np.full(4000, 0.01))
    assert np.std(means - true) == pytest.approx(0.1 / np.sqrt(2), rel=0.05)
    assert deviations == pytest.approx(0.1 / np.sqrt(2), rel=0.05)
    assert np.mean(true <= means + Z_90 * deviations) == pytest.approx(0.9, abs=0.015)


def test_probabilities_are_normal_tails() -> None:
    p = below_p(np.array([0.0, 0.0, 0.0]), np.ones(3), 1.281552)
    assert p == pytest.approx(0.1, abs=1e-6)
    assert below_p(np.array([0.5]), np.array([0.1]), 0.5) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("p_values", "found"),
    [
        ([0.02, 0.06, 0.9, 0.9], [0]),
        ([0.02, 0.05, 0.07, 0.9], [0, 1, 2]),
        ([0.026, 0.9, 0.9, 0.9], []),
        ([0.025, 0.9, 0.9, 0.9], [0]),
        ([], []),
    ],
)
def test_benjamini_and_hochberg(p_values: list[float], found: list[int]) -> None:
    assert np.flatnonzero(discoveries(np.array(p_values), 0.1)).tolist() == found
