"""What a confidence can be chosen for, and how that is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.thresholds.objective import F1, Objective, parse

NAMES = ("f1", "f0.5", "f2", "f10", "precision@0.9", "recall@0.95", "cost@1:5", "cost@0.5:100")
WRONG = (
    "",
    "f",
    "f0",
    "f-1",
    "f10.5",
    "f1e3",
    "fnan",
    "f1 f2",
    "precision",
    "precision@0",
    "precision@1",
    "precision@1.5",
    "precision@90%",
    "recall@-0.1",
    "recall@nan",
    "cost@1",
    "cost@0:1",
    "cost@1:0",
    "cost@1:2:3",
    "cost@inf:1",
    "f" + "1" * 400,
    "cost@" + "9" * 90 + ":1" + "0" * 400,
    "accuracy",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_and_written_the_same(name):
    assert parse(name).name == name
    assert parse(f" {name.upper()} ") == parse(name)
    assert parse(name).text


@pytest.mark.parametrize("text", WRONG)
def test_what_is_accepted_is_said(text):
    with pytest.raises(ValueError, match=r"f1.*precision@P.*recall@R.*cost@A:B"):
        parse(text)


@given(st.floats(0.01, 10), st.floats(0.01, 0.99), st.integers(1, 10**9), st.integers(1, 10**9))
def test_names_are_canonical(beta, share, wrong, missed):
    for text in (f"f{beta:.4f}", f"recall@{share:.6f}", f"cost@{wrong}:{missed}"):
        objective = parse(text)
        assert parse(objective.name) == objective


def test_texts_say_what_counts_more():
    assert parse("f2").text == "the best F2, recall counting 2 times as much as precision"
    assert parse("f0.5").text == "the best F0.5, precision counting 2 times as much as recall"
    assert F1.text == "the best F1"
    assert "at least 0.9" in parse("precision@0.9").text
    assert "a missed object 5" in parse("cost@1:5").text


def test_values_of_counts():
    (right, found, instances) = (np.array([0, 3, 0]), np.array([0, 4, 2]), np.array([5, 6, 0]))
    assert F1.of_counts(right, found, instances).tolist() == [0, 0.6, 0]
    assert parse("precision@0.5").of_counts(right, found, instances).tolist() == [1, 0.75, 0]
    assert parse("recall@0.5").of_counts(right, found, instances).tolist() == [0, 0.5, 0]
    cost = parse("cost@1:5").of_counts(right, found, instances)
    assert cost.tolist() == [-5, -(1 + 15) / 6, -2]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.sampled_from(NAMES))
def test_values_are_numbers_and_broadcast(right, wrong, missed, name):
    objective = parse(name)
    one = objective.of_counts(right, right + wrong, right + missed)
    assert np.isfinite(one)
    many = objective.of_counts(np.full((2, 3), right), right + wrong, [[right + missed]])
    assert many.shape == (2, 3) and (many == one).all()


def test_rates_are_of_f_beta_only():
    half = np.array([0.5])
    assert parse("f2").of_rates(half, half) == pytest.approx(0.5)
    assert F1.of_rates(np.zeros(1), np.zeros(1)) == 0
    with pytest.raises(ValueError, match="counts"):
        parse("cost@1:1").of_rates(half, half)


def test_nothing_is_best_of_nothing():
    assert F1.best(np.empty(0)) is None
    assert Objective("precision", (0.9,)).best(np.array([0.8])) is None
