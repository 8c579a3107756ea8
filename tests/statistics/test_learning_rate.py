"""How a training loss answers to the learning rate: just above and just below every constant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_runlens.statistics.learning_rate import early_fall, late_by_early, level_after


def test_the_level_after_warm_up_is_a_median_by_the_last_of_warm_up() -> None:
    loss = np.array([3.0, 2.0, 4.0, 4.0, 4.0, 90.0, 4.0, *[1.0] * 20])
    assert level_after(loss, 1) == 2.0


@pytest.mark.parametrize(("high", "level"), [(3, 2.0), (2, 1.0)])
def test_five_epochs_stand_for_the_stretch(high: int, level: float) -> None:
    loss = np.array([1.0, *[2.0] * high, *[1.0] * 40])
    assert level_after(loss, 0) == level


def test_a_long_training_is_judged_by_a_tenth() -> None:
    loss = np.array([1.0, *[2.0] * 5, *[1.0] * 94])
    assert level_after(loss, 0) == 1.5  # five of ten


@pytest.mark.parametrize("loss", [[2.0], [0.0, 1.0, 1.0], [-1.0, 1.0]])
def test_what_cannot_be_compared_has_not_risen(loss: list[float]) -> None:
    assert level_after(np.array(loss), 0) == 1.0


def test_the_fall_of_the_first_fifth() -> None:
    loss = np.array([2.0, *[1.9] * 20, *[0.5] * 30])
    assert early_fall(loss, 0) == pytest.approx(0.05)


@pytest.mark.parametrize(("rows", "fall"), [(4, 0.5), (3, 1.0)])
def test_a_fifth_has_at_least_three_rows(rows: int, fall: float) -> None:
    loss = np.array([2.0, *[1.0] * (rows - 1)])
    assert early_fall(loss, 0) == fall  # 1: too short to say that it has hardly moved


def test_a_loss_that_follows_the_summed_rate_falls_as_much_in_both_halves() -> None:
    rate = np.linspace(1, 0.01, 200)
    spent = np.cumsum(rate)
    assert late_by_early(10 - spent / 20, rate, 0) == pytest.approx(1, abs=0.05)
    assert late_by_early(10 * np.exp(-spent / 10), rate, 0) < 0.05


@pytest.mark.parametrize(("last", "share"), [(3, 0.5), (1, 0.0)])
def test_the_end_is_the_median_of_three_rows(last: int, share: float) -> None:
    loss = np.array([2.0, *[1.0] * (40 - last), *[0.5] * last])
    assert late_by_early(loss, np.ones(41), 0) == share


def test_a_loss_that_rises_at_first_has_no_share() -> None:
    assert late_by_early(np.array([1.0, 2.0, 2.0, 2.0, 1.0]), np.ones(5), 0) == 0.0


series = arrays.arrays(
    np.float64, st.integers(2, 60), elements=st.floats(0, 1e6, allow_subnormal=False)
)


@given(series, st.data())
def test_every_loss_has_finite_answers(loss: np.ndarray, data: st.DataObject) -> None:
    warm = data.draw(st.integers(0, len(loss) - 1))
    answers = (level_after(loss, warm), early_fall(loss, warm))
    with np.errstate(over="ignore"):
        share = late_by_early(loss, np.ones(len(loss)), warm)
    assert not np.isnan([*answers, share]).any()
