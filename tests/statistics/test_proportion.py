"""Wilson's interval against known values, and how far a class's metrics can be trusted by it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.class_intervals import FEWEST, WIDEST, intervals_of, unreliable
from tensorboard_runlens.run import ClassMetrics
from tensorboard_runlens.statistics.proportion import (
    DESIGN_EFFECT,
    Z_95,
    Z_ONE_SIDED,
    count_for,
    half_width,
    lower_bound,
    wilson,
)

KNOWN = [
    (15, 18, 0.6078, 0.9416),
    (0, 10, 0.0, 0.2775),
    (10, 10, 0.7225, 1.0),
    (1, 10, 0.0179, 0.4042),
    (5, 10, 0.2366, 0.7634),
    (81, 263, 0.2553, 0.3662),
    (1, 1, 0.2065, 1.0),
    (500, 1000, 0.4691, 0.5309),
]
"""Cases, of how many, and the interval: 81 of 263 is Newcombe's (1998) own example."""

shares = st.floats(0, 1)
counts = st.integers(1, 10**6)


@pytest.mark.parametrize(("found", "of", "low", "high"), KNOWN)
def test_the_interval_is_the_known_one(found: int, of: int, low: float, high: float) -> None:
    assert wilson(found / of, of) == pytest.approx((low, high), abs=6e-5)


@given(shares, counts)
def test_it_lies_within_0_to_1_around_the_share(share: float, count: int) -> None:
    (low, high) = wilson(share, count)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


@given(shares, counts)
def test_its_ends_are_where_the_share_is_just_possible(share: float, count: int) -> None:
    """Its definition: at each end the share lies z standard errors of that end away."""
    for end in wilson(share, count):
        if 1e-9 < end < 1 - 1e-9:
            error = Z_95 * (end * (1 - end) / count) ** 0.5
            assert abs(share - end) == pytest.approx(error, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(("found", "of"), [(1, 10), (5, 10), (9, 10), (81, 263)])
def test_a_bound_is_where_the_share_is_just_possible(found: int, of: int) -> None:
    """On one side, 95 % of a normal distribution lie below 1.645 standard errors."""
    (bound,) = lower_bound(np.array([found]), np.array([of]))
    error = (bound * (1 - bound) / of) ** 0.5
    assert found / of - bound == pytest.approx(1.645 * error, rel=1e-3)


@given(shares, st.integers(1, 10**5))
def test_more_cases_never_widen_it(share: float, count: int) -> None:
    (few, many) = (wilson(share, count), wilson(share, 4 * count))
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


@given(st.lists(st.tuples(counts, counts), min_size=1))
def test_the_lower_bound_is_the_lower_end_for_one_side(pairs: list[tuple[int, int]]) -> None:
    (part, whole) = np.array([sorted(pair) for pair in pairs]).T
    expected = [wilson(p / w, w, Z_ONE_SIDED)[0] for (p, w) in zip(part.tolist(), whole.tolist())]
    assert lower_bound(part, whole) == pytest.approx(expected, abs=1e-12)


def test_nothing_is_known_of_no_cases() -> None:
    assert lower_bound(np.array([0]), np.array([0])).tolist() == [0]


@given(shares, counts)
def test_what_was_missed_is_the_mirror_of_what_was_found(share: float, count: int) -> None:
    (low, high) = wilson(share, count)
    assert wilson(1 - share, count) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(
    ("share", "count"), [(0.5, 0), (0.5, -3), (-0.01, 9), (1.01, 9), (float("nan"), 9)]
)
def test_what_is_no_share_or_has_no_cases_is_refused(share: float, count: int) -> None:
    with pytest.raises(ValueError, match="at least one case"):
        wilson(share, count)


def line(map50: float, instances: object) -> ClassMetrics:
    metrics = {"box": {"map50": map50, "precision": 0.9, "f1": 0.9}}
    return ClassMetrics("toe_drain", metrics, None, instances)  # type: ignore[arg-type]


def test_only_shares_of_the_instances_have_an_interval() -> None:
    assert intervals_of(line(0.5, 100)) == {"box": {"map50": wilson(0.5, 100)}}


@pytest.mark.parametrize("instances", [None, 0])
def test_without_instances_nothing_is_known(instances: object) -> None:
    assert intervals_of(line(0.5, instances)) == {}


def test_a_value_above_1_by_rounding_has_no_interval_and_raises_nothing() -> None:
    assert intervals_of(line(1.0005, 100)) == {"box": {}}


@pytest.mark.parametrize(
    ("map50", "instances", "doubtful"),
    [
        (0.8592, 18, True),
        (0.5, 38, True),
        (0.5, 39, False),
        (1.0, FEWEST - 1, True),
        (1.0, FEWEST, False),
        (0.5, 3, True),
        (0.5, 0, True),
        (0.5, None, False),
    ],
)
def test_few_instances_or_a_wide_interval_are_said(
    map50: float, instances: object, doubtful: bool
) -> None:
    assert unreliable(line(map50, instances)) is doubtful


@given(shares, st.integers(FEWEST, 1000))
def test_beyond_the_fewest_it_is_the_width_that_counts(share: float, instances: int) -> None:
    (low, high) = wilson(share, instances)
    assert unreliable(line(share, instances)) is (high - low > 2 * WIDEST)


def test_objects_of_images_count_for_half() -> None:
    (low, high) = wilson(0.7, 100)
    assert half_width(0.7, 200) == pytest.approx((high - low) / 2)
    assert half_width(0.7, 100, design_effect=1.0) == half_width(0.7, int(100 * DESIGN_EFFECT))


def test_a_half_width_does_not_vanish_at_the_ends() -> None:
    assert half_width(1.0, 20) > 0.1
    assert half_width(0.0, 1) > 0.3
    with pytest.raises(ValueError, match="at least one"):
        half_width(0.5, 0)


@given(shares, st.floats(0.005, 0.3))
def test_so_many_objects_it_takes_and_no_fewer(share: float, half: float) -> None:
    objects = count_for(share, half)
    assert half_width(share, objects + 2) <= half + 1e-9
    assert objects <= 4 or half_width(share, objects - 4) >= half - 1e-9


def test_a_point_takes_sixteen_thousand_objects() -> None:
    """1.96^2 x .7 x .3 x 2 / .01^2, nearly: Wilson's needs a little less."""
    assert count_for(0.7, 0.01) == pytest.approx(16135, rel=0.001)
    assert count_for(0.7, 0.05) == pytest.approx(645, rel=0.01)
