"""The overfitting verdict: what fires it, what must not, and how sure it says it is."""

from __future__ import annotations

from typing import Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.rules.overfitting import assess
from tensorboard_runlens.statistics.assess import confidence_word
from tensorboard_runlens.statistics.rise import MIN_EXCESS

from .histories import draw

N = 60
ONSET = 30


def falling(n: int = N) -> np.ndarray:
    return 1 + np.exp(-8 * np.arange(n) / n)


def wiggle(sigma: float = 0.005, n: int = N, seed: int = 0) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(0, sigma, n))


def u_shape(excess: float, n: int = N, onset: int = ONSET) -> np.ndarray:
    rise = np.maximum(np.arange(n) - onset, 0) / (n - 1 - onset)
    return falling(n) * (1 + excess * rise)


TRAIN = falling() * np.linspace(1, 0.5, N)
RISING_METRIC = 0.8 - 0.5 * np.exp(-np.arange(N) / 20) + 0.002 * np.arange(N)
FLAT_METRIC = 0.8 - 0.5 * np.exp(-np.arange(N) / 4)
FALLING_METRIC = FLAT_METRIC - 0.002 * np.maximum(np.arange(N) - ONSET, 0)


def test_a_clear_u_shape_overfits_and_the_onset_window_holds_its_tip() -> None:
    verdict = assess(TRAIN, u_shape(0.3) * wiggle(), FLAT_METRIC)
    assert verdict.loss_overfits
    assert verdict.onset is not None
    assert verdict.onset[0] - 3 <= ONSET <= verdict.onset[1] + 3
    assert verdict.excess == pytest.approx(0.3, abs=0.05)
    assert verdict.p_value < 1e-4


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (FALLING_METRIC, ("overfitting", "worse")),
        (FLAT_METRIC, ("quality_unchanged", "same")),
        (RISING_METRIC, ("loss_only", "better")),
        (None, ("quality_unknown", "unknown")),
    ],
)
def test_the_second_axis_is_what_the_metric_did(metric: object, expected: tuple[str, str]) -> None:
    verdict = assess(TRAIN, u_shape(0.3) * wiggle(), metric)  # type: ignore[arg-type]
    assert (verdict.verdict, verdict.quality) == expected


def test_a_metric_that_declines_alone_is_past_its_best() -> None:
    verdict = assess(TRAIN, falling() * wiggle(), FALLING_METRIC)
    assert (verdict.verdict, verdict.loss_overfits) == ("past_best", False)


def test_a_jump_up_at_the_last_epoch_is_no_decline() -> None:
    metric = RISING_METRIC.copy()
    metric[-1] += 0.1
    assert assess(TRAIN, falling() * wiggle(), metric).verdict == "none"


def test_nothing_is_said_of_healthy_curves() -> None:
    verdict = assess(TRAIN, falling() * wiggle(), RISING_METRIC)
    assert (verdict.verdict, verdict.loss_overfits, verdict.onset) == ("none", False, None)


@pytest.mark.parametrize(
    ("excess", "fires"), [(MIN_EXCESS + 0.015, True), (MIN_EXCESS - 0.005, False)]
)
def test_the_effect_floor_decides_between_harmless_and_real(excess: float, fires: bool) -> None:
    level = np.maximum(falling(), falling()[ONSET])
    val = level * (1 + excess * np.clip((np.arange(N) - ONSET) / 10, 0, 1))
    assert assess(TRAIN, val * wiggle(0.001)).loss_overfits is fires


def test_a_rise_of_both_losses_is_no_overfit() -> None:
    train = TRAIN.copy()
    train[ONSET:] = train[ONSET] * np.linspace(1, 1.4, N - ONSET)
    assert not assess(train, u_shape(0.3) * wiggle()).loss_overfits


def test_a_learning_rate_drop_is_no_overfit() -> None:
    val = falling() * wiggle(0.01)
    val[40:] *= 0.8
    assert not assess(TRAIN, val).loss_overfits


def test_one_spike_is_no_overfit() -> None:
    val = falling() * wiggle()
    val[-4] *= 3
    assert not assess(TRAIN, val).loss_overfits


def test_a_loss_that_rises_from_the_start_never_generalised() -> None:
    val = np.linspace(1, 2, N) * wiggle()
    assert assess(TRAIN, val, FLAT_METRIC).verdict == "never_generalised"


@pytest.mark.parametrize(("minimum", "never"), [(2, True), (3, False)])
def test_a_loss_that_improved_for_three_epochs_has_generalised(minimum: int, never: bool) -> None:
    val = np.concatenate([np.linspace(1.3, 1, minimum + 1), np.linspace(1.001, 2, N - minimum - 1)])
    verdict = assess(TRAIN, val, FLAT_METRIC)
    assert verdict.loss_overfits
    assert (verdict.verdict == "never_generalised") is never


@pytest.mark.parametrize(("excess", "borderline"), [(0.037, True), (0.1, False)])
def test_a_rise_near_its_limit_is_borderline(excess: float, borderline: bool) -> None:
    rise = np.clip((np.arange(N) - ONSET - 5) / 10, 0, 1)
    val = (1 + np.exp(-np.minimum(np.arange(N), ONSET) / 6)) * (1 + excess * rise)
    verdict = assess(TRAIN, val, FLAT_METRIC)
    assert verdict.loss_overfits
    assert verdict.borderline is borderline


def test_a_step_at_the_closing_of_mosaic_is_not_overfitting() -> None:
    val = falling() * wiggle()
    val[50:] *= 1.08
    train = TRAIN.copy()
    train[50:] *= 0.9
    verdict = assess(train, val, FLAT_METRIC, n_val_images=500, close_mosaic_row=50)
    assert (verdict.verdict, verdict.confidence) == ("mosaic_step", "moderate")


@pytest.mark.parametrize(("end", "verdict"), [(0.066, "mosaic_step"), (0.057, "loss_only")])
def test_half_a_rise_before_mosaic_closed_is_no_step(end: float, verdict: str) -> None:
    """The loss rises by 3 %, too little to be called an overfit, and then to ``end``."""
    rows = np.arange(N)
    val = (1 + np.exp(-np.minimum(rows, 25) / 5)) * np.where(rows < 50, 1, 1 + end)
    val[:50] *= 1 + 0.03 * np.clip((rows[:50] - 28) / 15, 0, 1)
    train = np.exp(-rows / 200) * np.where(rows < 50, 1, 0.9)
    assert assess(train, val, RISING_METRIC, close_mosaic_row=50).verdict == verdict


def test_an_overfit_that_began_before_mosaic_closed_stays_one() -> None:
    verdict = assess(TRAIN, u_shape(0.4) * wiggle(), FLAT_METRIC, close_mosaic_row=50)
    assert verdict.verdict == "quality_unchanged"


@pytest.mark.parametrize(("rows", "expected"), [(9, "too_short"), (10, "none")])
def test_fewer_than_ten_rows_carry_no_verdict(rows: int, expected: str) -> None:
    assert assess(TRAIN[:rows], falling()[:rows], FLAT_METRIC[:rows]).verdict == expected


@pytest.mark.parametrize(
    ("metric", "expected"), [(RISING_METRIC, "unknown"), (FALLING_METRIC, "past_best")]
)
def test_a_metric_without_losses_is_judged_alone(metric: np.ndarray, expected: str) -> None:
    verdict = assess(np.full(N, np.nan), np.full(N, np.nan), metric)
    assert (verdict.verdict, verdict.loss_overfits) == (expected, False)


def test_rows_that_are_not_finite_are_left_out_and_indices_stay() -> None:
    val = u_shape(0.3) * wiggle()
    val[[2, 3, 10]] = [np.nan, np.inf, np.nan]
    verdict = assess(TRAIN, val, FLAT_METRIC)
    assert verdict.loss_overfits
    assert verdict.onset is not None
    assert verdict.onset[0] - 3 <= ONSET <= verdict.onset[1] + 3


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="unequal lengths"):
        assess(TRAIN, TRAIN[:-1])


def test_a_long_history_is_judged_like_a_short_one() -> None:
    (n, onset) = (1200, 500)
    train = falling(n) * np.linspace(1, 0.5, n)
    verdict = assess(train, u_shape(0.3, n, onset) * wiggle(0.02, n))
    assert verdict.loss_overfits
    assert verdict.onset is not None
    assert verdict.onset[0] - 60 <= onset <= verdict.onset[1] + 60


@pytest.mark.parametrize(
    ("score", "rows", "images", "word"),
    [
        (0.96, 60, 500, "high"),
        (0.94, 60, 500, "moderate"),
        (0.71, 60, 500, "moderate"),
        (0.69, 60, 500, "low"),
        (0.99, 60, None, "moderate"),
        (0.99, 60, 99, "moderate"),
        (0.99, 60, 100, "high"),
        (0.99, 60, 40, "moderate"),
        (0.99, 60, 39, "low"),
        (0.99, 19, 500, "low"),
        (0.99, 20, 500, "high"),
    ],
)
def test_confidence_is_capped_by_rows_and_validation_images(
    score: float, rows: int, images: Optional[int], word: str
) -> None:
    assert confidence_word(score, rows, images) == word


@given(
    st.lists(st.floats(0.01, 1e4), min_size=0, max_size=80),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=80, max_size=80),
)
def test_any_history_gets_a_verdict_without_an_exception(
    val: list[float], rest: list[float]
) -> None:
    verdict = assess(rest[: len(val)], val, rest[: len(val)])
    assert 0 <= verdict.score <= 1
    assert verdict.excess >= 0
    if verdict.onset is not None:
        assert 0 <= verdict.onset[0] <= verdict.onset[1] < len(val)


@given(st.floats(0.001, 1000), st.integers(0, 50))
def test_the_unit_of_the_loss_does_not_matter(scale: float, seed: int) -> None:
    val = u_shape(0.2) * wiggle(seed=seed)
    one = assess(TRAIN, val, FLAT_METRIC)
    other = assess(TRAIN * scale, val * scale, FLAT_METRIC)
    assert one.verdict == other.verdict
    assert one.excess == pytest.approx(other.excess, rel=1e-6)


def test_drawn_histories_are_told_apart() -> None:
    """The floor of the verdict's accuracy on shapes with exact truth (measured: F1 .97, no false alarm)."""
    histories = draw(60, seed=7)
    flagged = [assess(one.train, one.val).loss_overfits for one in histories]
    right = sum(said and one.overfits for (said, one) in zip(flagged, histories))
    false = sum(said and not one.overfits for (said, one) in zip(flagged, histories))
    missed = sum(one.overfits and not said for (said, one) in zip(flagged, histories))
    assert 2 * right / (2 * right + false + missed) >= 0.93
    assert false <= 0.01 * len(histories)


def test_the_onset_window_is_near_the_true_minimum() -> None:
    errors = []
    for one in draw(40, seed=8):
        verdict = assess(one.train, one.val)
        if one.overfits and verdict.onset:
            middle = sum(verdict.onset) / 2
            errors.append(abs(middle - one.minimum) / len(one.val))
    assert np.median(errors) < 0.06
