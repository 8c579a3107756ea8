"""The benchmark of the verdict: its measures, the other rules, and its table, on histories drawn from a seed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.labelled import History
from benchmarks.measures import Answers, auc, f1, false_positive_rate, interval, macro_f1
from benchmarks.rivals import RIVALS, Rival
from benchmarks.verdict_accuracy import others, ours, table
from tensorboard_runlens.statistics.rise import Rise, fitted_rise
from tools.fit_calibration import Case, accuracy, cross_validated, fit, reliability

from .histories import draw

DRAWN = [
    History(one.train, one.val, one.overfits, f"{one.scenario} {number % 5}")
    for (number, one) in enumerate(draw(40, seed=5))
]


def answers(truth: str, said: str, score: str = "") -> Answers:
    scores = np.array([float(one) for one in score or said])
    yes = [np.array([one == "1" for one in text]) for text in (truth, said)]
    return Answers(yes[0], yes[1], scores, list(truth))


def test_the_measures_are_those_of_the_field() -> None:
    some = answers("11110000", "11100001", "98710003")
    assert f1(some) == pytest.approx(0.75)
    assert macro_f1(some) == pytest.approx(0.75)
    assert false_positive_rate(some) == pytest.approx(0.25)
    assert auc(some) == pytest.approx(15 / 16)


def test_ties_of_the_score_count_half() -> None:
    assert auc(answers("10", "10", "55")) == 0.5


def test_no_yes_at_all_is_perfect_where_none_is_true() -> None:
    none = answers("00", "00")
    assert f1(none) == 1.0
    assert math.isnan(auc(none))


def test_an_interval_holds_the_value_and_comes_from_programs() -> None:
    said = others(RIVALS[0], DRAWN)
    (low, high) = interval(said)
    assert low <= f1(said) <= high
    assert 0 < high - low < 0.6
    whole = Answers(said.truth, said.said, said.score, ["one"] * len(DRAWN))
    assert interval(whole) == (f1(said), f1(said))


@pytest.mark.parametrize("rival", RIVALS, ids=[rival.name for rival in RIVALS])
def test_every_rule_tells_a_clear_overfit_from_a_falling_loss(rival: Rival) -> None:
    rows = np.arange(60)
    falling = 1 + np.exp(-rows / 10)
    train = np.exp(-rows / 30)
    val = falling * (1 + 0.05 * np.maximum(rows - 20, 0))
    chosen = [History(train, val, True, "a"), History(falling, falling * 1.01, False, "b")]
    assert others(rival, chosen).said.tolist() == [True, False]


def test_runlens_is_the_best_on_histories_with_known_truth() -> None:
    own = ours(DRAWN)
    assert f1(own) > 0.9
    assert all(f1(own) >= f1(others(rival, DRAWN)) for rival in RIVALS)


def test_the_table_has_a_row_for_every_rule() -> None:
    lines = table("drawn", DRAWN).splitlines()
    assert lines[0].startswith(f"### drawn: {len(DRAWN)} histories")
    assert sum(line.startswith("| ") for line in lines) == len(RIVALS) + 2
    assert "nan" not in table("drawn", DRAWN)


def cases() -> list[Case]:
    return [
        Case("parametric_dev", one, rise)
        for one in DRAWN
        if isinstance(rise := fitted_rise(one.train, one.val), Rise)
    ]


def test_the_calibration_finds_weights_that_point_the_right_way() -> None:
    (p_value, rise, *_) = fit(cases())
    assert p_value < 0 < rise


def test_cross_validation_leaves_the_traits_and_changes_the_odds_only() -> None:
    chosen = cases()
    rises = cross_validated(chosen)
    assert [one.traits for one in rises] == [case.rise.traits for case in chosen]
    right = [one.significant == case.history.overfits for (one, case) in zip(rises, chosen)]
    assert np.mean(right) > 0.9


def test_every_case_is_in_one_word_of_the_reliability() -> None:
    pairs = [(case, case.rise) for case in cases()]
    cells = " ".join(reliability("drawn", pairs))
    counted = sum(int(one.split()[0]) for one in cells.split(" of ")[1:])
    assert counted == len(pairs)
    assert accuracy("drawn", pairs).startswith(f"| drawn | {len(pairs)} |")
