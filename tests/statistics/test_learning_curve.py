"""Where a metric stands and where it is heading."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tensorboard_runlens.statistics import learning_curve
from tensorboard_runlens.statistics.learning_curve import continued, levels

scores = arrays(np.float64, st.integers(5, 80), elements=st.floats(0, 1, width=32))
EPOCHS = np.arange(1.0, 41.0)


def after(values: np.ndarray, at: float) -> float:
    return continued(np.arange(1.0, len(values) + 1), values, at)


@given(scores)
def test_a_level_never_falls_and_stays_within_what_was_measured(values: np.ndarray) -> None:
    found = levels(values)
    assert len(found) == len(values) - 4
    assert np.all(np.diff(found) >= 0)
    assert values.min() <= found[0] <= found[-1] <= values.max()


def test_two_lucky_epochs_are_no_level_and_three_are() -> None:
    values = np.full(20, 0.5)
    values[10:12] = 0.9
    assert levels(values)[-1] == 0.5
    values[12] = 0.9
    assert levels(values)[-1] == 0.9


@given(scores, st.floats(1, 50))
def test_a_forecast_is_a_fraction_and_never_raises(values: np.ndarray, times: float) -> None:
    end = after(values, times * len(values))
    assert np.isfinite(end)
    assert values.min() - 1e-9 <= end <= 1.0


@pytest.mark.parametrize("power", [0.35, 1.0])
def test_a_power_law_is_continued(power: float) -> None:
    curve = 0.8 - 0.7 * (np.arange(1, 121) + 1.0) ** -power
    assert after(curve[:60], 120) == pytest.approx(curve[-1], abs=0.01)


@pytest.mark.parametrize(("time", "off"), [(10, 0.01), (25, 0.04)])
def test_an_exponential_is_continued(time: int, off: float) -> None:
    curve = 0.8 - 0.7 * np.exp(-np.arange(1, 121) / time)
    assert after(curve[:60], 120) == pytest.approx(curve[-1], abs=off)


def test_what_falls_is_continued_level() -> None:
    assert after(np.linspace(0.8, 0.4, 40), 80) <= 0.6


def test_one_collapsed_epoch_bends_no_curve_and_two_in_a_row_do() -> None:
    curve = 0.8 - 0.7 * np.exp(-EPOCHS / 8)
    collapsed = curve.copy()
    collapsed[30] = 0.0
    assert after(collapsed, 80) == pytest.approx(after(curve, 80), abs=0.005)
    collapsed[31] = 0.0
    assert after(collapsed, 80) != pytest.approx(after(curve, 80), abs=0.005)


def test_warm_up_is_left_out_and_what_follows_it_is_not() -> None:
    curve = 0.8 - 0.7 * np.exp(-EPOCHS / 8)
    (inside, outside) = (curve.copy(), curve.copy())
    inside[:11] = 0.0
    outside[:13] = 0.0
    assert after(inside, 80) == after(curve, 80)
    assert after(outside, 80) != after(curve, 80)


def test_the_last_epoch_weighs_twenty_times_as_much_as_the_first() -> None:
    """What falls is continued at its mean: half of the epochs fitted weigh e^1.5 times as much as those before."""
    values = np.where(EPOCHS <= 26, 0.8, 0.4)
    assert after(values, 80) == pytest.approx(0.4 + 0.4 / (1 + np.exp(1.5)), abs=1e-6)


def test_late_epochs_count_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rises steeply and then levels off at .6: who counts all epochs alike expects twice as much more."""
    values = np.minimum(0.2 + 0.4 * EPOCHS / 25, 0.6)
    gain = after(values, 80) - 0.6
    monkeypatch.setattr(learning_curve, "RECENCY", 0.0)
    assert after(values, 80) - 0.6 > 2 * gain


def shaken(noise: float) -> float:
    return after(0.6 - 0.5 * np.exp(-EPOCHS / 8) + noise * np.sin(EPOCHS), 400)


def test_shapes_are_not_told_apart_by_less_than_a_fifth_of_a_point() -> None:
    assert shaken(0.001) == pytest.approx(shaken(0.0), abs=0.003)
    assert shaken(0.004) != pytest.approx(shaken(0.0), abs=0.005)


def told_apart(size: float, monkeypatch: pytest.MonkeyPatch) -> float:
    """Log odds of a curve's own shape, a power of 1, against an exponential, which leaves ``size`` * .075 points."""
    values = np.maximum(0.8 - size / (EPOCHS + 1), 0)
    ends = []
    for powers, times in (([1.0], []), ([], [0.25]), ([1.0], [0.25])):
        monkeypatch.setattr(learning_curve, "POWERS", np.array(powers))
        monkeypatch.setattr(learning_curve, "TIMES", np.array(times))
        ends.append(after(values, 80))
    share = (ends[2] - ends[1]) / (ends[0] - ends[1])
    return float(np.log(share / (1 - share)))


@pytest.mark.parametrize(("size", "told"), [(2.6, False), (2.75, True)])
def test_a_shape_that_leaves_a_fifth_of_a_point_fits_as_well_as_any(
    size: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (told_apart(size, monkeypatch) > 1e-3) is told


def test_of_28_epochs_one_in_seven_is_a_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a residual twice as large a shape is 2^n times less likely by n of them."""
    grown = told_apart(8.0, monkeypatch) - told_apart(4.0, monkeypatch)
    assert grown == pytest.approx(0.15 * 28 * np.log(2), rel=0.02)


def test_neighbouring_epochs_are_no_independent_witnesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were they, the best shape would decide alone."""
    cautious = shaken(0.004)
    monkeypatch.setattr(learning_curve, "INDEPENDENT_SHARE", 1.0)
    assert abs(shaken(0.004) - 0.6) < abs(cautious - 0.6)
