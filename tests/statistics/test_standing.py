"""Where a training stands against another one, and how likely it ends above that."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.standing import held, not_passed
from tensorboard_runlens.statistics.standing import (
    Course,
    chance,
    lead,
    normal_below,
    outlook,
)

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

real_runs = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)

FRACTIONS = st.floats(0.03125, 0.75, width=32)


def course(values: np.ndarray, planned: Optional[int] = 100) -> Course:
    return Course(np.arange(1.0, len(values) + 1), np.asarray(values, float), planned)


def rising(rows: int, top: float = 0.6) -> np.ndarray:
    """As real metrics rise: fast, then ever slower."""
    return top * (1 - np.arange(2.0, rows + 2) ** -0.5)


def sure(one: Course, other: Course) -> float:
    found = chance(one, other)
    assert found is not None
    return found


@given(
    arrays(np.float64, st.integers(10, 60), elements=FRACTIONS),
    arrays(np.float64, st.integers(10, 60), elements=FRACTIONS),
    st.floats(0, 0.25),
)
def test_a_higher_baseline_is_never_likelier_to_be_beaten(
    values: np.ndarray, other: np.ndarray, higher: float
) -> None:
    one = course(values)
    (easy, hard) = (sure(one, course(other + up)) for up in (0.0, higher))
    assert 0 <= hard <= easy <= 1


@given(arrays(np.float64, st.integers(10, 60), elements=FRACTIONS))
def test_against_itself_a_training_leads_by_nothing(values: np.ndarray) -> None:
    assert lead(course(values), course(values)) == 0


def test_the_lead_is_that_after_as_many_epochs() -> None:
    (one, other) = (course(rising(20, 0.7)), course(rising(100, 0.6)))
    level = 0.1 * (1 - 19**-0.5)
    assert lead(one, other) == pytest.approx(level)  # the median of epochs 16 to 20 is that of 18


def test_epochs_without_validation_do_not_shift_the_lead() -> None:
    other = course(rising(100))
    every_second = Course(other.done[1:20:2], other.values[1:20:2], 100)
    later = lead(every_second, other)
    assert later == pytest.approx(other.values[15] - other.values[17])


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_the_first_epochs_have_a_lead_and_no_chance(rows: int) -> None:
    (one, other) = (course(np.full(rows, 0.3)), course(np.full(50, 0.2)))
    assert lead(one, other) == pytest.approx(0.1)
    assert chance(one, other) is None


def test_of_a_baseline_that_had_ended_before_its_last_level_counts() -> None:
    (one, other) = (course(rising(60)), course(np.full(20, 0.2)))
    assert lead(one, other) == pytest.approx(one.level - 0.2)


def test_nothing_is_said_of_epochs_before_the_baseline_was_measured() -> None:
    late = Course(np.arange(31.0, 81), rising(50), 80)
    assert lead(course(rising(20)), late) is None
    assert chance(course(rising(20)), late) is None


@pytest.mark.parametrize(
    ("rows", "planned", "said"),
    [(9, 40, False), (10, 40, True), (20, 201, False), (20, 200, True), (20, None, False)],
)
def test_it_is_open_to_tell_as_early_as_a_forecast(
    rows: int, planned: Optional[int], said: bool
) -> None:
    found = chance(course(rising(rows), planned), course(rising(100, 0.7)))
    assert (found is not None) is said


@pytest.mark.parametrize("planned", [50, None])
def test_what_has_passed_the_baseline_stays_above_it(planned: Optional[int]) -> None:
    other = course(np.full(30, 0.4))
    assert chance(course(np.full(5, 0.4001), planned), other) == 1
    assert chance(course(np.full(5, 0.3999), planned), other) is None


def test_the_better_and_the_worse_training_are_told_in_time() -> None:
    other = course(rising(100, 0.5))
    assert outlook(sure(course(rising(30, 0.7)), other)) == "likely"
    assert outlook(sure(course(rising(60, 0.3)), other)) == "unlikely"
    assert outlook(sure(course(rising(30, 0.505)), other)) == "open"


def test_near_the_top_a_steep_beginning_promises_nothing() -> None:
    (one, other) = (course(rising(12, 1.22)), course(rising(100, 1.03)))
    assert 0.85 < one.level < other.level < 0.95
    assert outlook(sure(one, other)) == "open"


def test_a_late_rise_of_the_baseline_is_reckoned_with() -> None:
    one = course(np.full(20, 0.4))
    late = course(np.concatenate([np.full(60, 0.4), np.full(40, 0.5)]))
    early = course(np.concatenate([np.full(10, 0.4), np.full(90, 0.5)]))
    assert sure(one, late) > sure(one, early)


def test_the_share_of_each_plan_is_what_is_alike() -> None:
    one = course(rising(25), 50)
    (short, long) = (rising(50), np.repeat(rising(50), 6))
    assert sure(one, course(short, 50)) == pytest.approx(sure(one, course(long, 300)), abs=0.05)
    assert lead(one, course(long, 300)) != pytest.approx(lead(one, course(short, 50)), abs=0.05)


@pytest.mark.parametrize(
    ("likelihood", "word"),
    [(0.7501, "likely"), (0.7499, "open"), (0.2001, "open"), (0.1999, "unlikely")],
)
def test_words_stand_for_chances(likelihood: float, word: str) -> None:
    assert outlook(likelihood) == word


@pytest.mark.parametrize(("deviations", "share"), [(0.0, 0.5), (1.281552, 0.9), (-1.959964, 0.025)])
def test_shares_of_a_normal_distribution(deviations: float, share: float) -> None:
    assert normal_below(deviations) == pytest.approx(share, abs=1e-6)


@real_runs
def test_words_hold_on_trainings_of_repositories_not_seen() -> None:
    rows = held(CORPUS)
    words = np.array(["" if row.chance is None else outlook(row.chance) for row in rows])
    (shares, beat, weights) = np.array([(row.share, row.beat, row.weight) for row in rows]).T

    def rate(which: np.ndarray) -> float:
        return float(np.average(beat[which], weights=weights[which]))

    for share in np.unique(shares):
        assert rate((shares == share) & (words == "likely")) > 0.9, share
        assert rate((shares == share) & (words == "unlikely")) < 0.2, share
    still_open = np.array([not_passed(row) for row in rows])
    assert rate(still_open & (words == "likely")) > 0.85
    sure_of = (words == "likely") | (words == "unlikely")
    assert weights[sure_of].sum() / weights.sum() > 0.5
