"""Phases of a training: those of made-up curves are found, noise moves them little, and they cover every epoch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.phases import EPOCHS_MIN, phases

N = 100
ROWS = np.arange(N)


def levelling_off(tau: float, top: float = 0.7, n: int = N) -> Floats:
    """A metric that comes nearer to ``top`` by the factor 1/e in ``tau`` epochs."""
    return np.asarray(top * (1 - np.exp(-np.arange(n) / tau)))


def names(values: Floats, declined: bool = False) -> list[str]:
    return [phase.name for phase in phases(values, declined)]


@pytest.mark.parametrize("tau", [3.0, 6.0, 12.0])
def test_a_curve_that_levels_off_has_three_phases_where_they_are_known(tau: float) -> None:
    (rapid, slow, stable) = phases(levelling_off(tau), False)
    assert (rapid.name, slow.name, stable.name) == ("rapid", "slow", "stable")
    assert rapid.last == pytest.approx(np.log(5) * tau, abs=1.5)
    assert slow.last == pytest.approx(np.log(20) * tau, abs=2)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("noise", [0.005, 0.01, 0.02])
def test_noise_moves_the_ends_by_a_few_epochs_only(noise: float, seed: int) -> None:
    clean = levelling_off(8.0)
    shaken = clean + np.random.default_rng(seed).normal(0, noise, N)
    (rapid, slow, stable) = phases(np.clip(shaken, 0, 1), False)
    (true_rapid, true_slow, _) = phases(clean, False)
    assert abs(rapid.last - true_rapid.last) <= 4
    assert abs(slow.last - true_slow.last) <= 10
    assert stable.last == N - 1


def test_a_straight_rise_is_one_phase() -> None:
    assert names(np.linspace(0.1, 0.6, N)) == ["rising"]


def test_what_still_gains_a_point_in_its_last_quarter_is_not_stable() -> None:
    rising = levelling_off(30.0)
    assert names(levelling_off(12.0)) == ["rapid", "slow", "stable"]
    assert names(rising) == ["rapid", "slow"]


def test_a_jump_and_then_level_has_no_slow_phase() -> None:
    values = np.where(ROWS < 10, 0.2, 0.6)
    (rapid, stable) = phases(values, False)
    assert (rapid.name, rapid.last, stable.name) == ("rapid", 10, "stable")


def test_a_decline_begins_where_the_best_stretch_ends() -> None:
    values = levelling_off(5.0) - 0.004 * np.maximum(ROWS - 50, 0)
    found = phases(values, True)
    assert found[-1].name == "declining"
    assert 50 <= found[-1].first <= 62
    assert found[-1].gain == pytest.approx(-0.19, abs=0.02)
    assert names(values, declined=False)[-1] == "stable"


def test_a_level_metric_was_level_all_the_time() -> None:
    (only,) = phases(0.7 + np.random.default_rng(0).normal(0, 0.004, N), False)
    assert (only.name, only.first, only.last) == ("stable", 0, N - 1)


def test_nothing_is_said_of_few_epochs_and_of_a_metric_at_nothing() -> None:
    assert phases(levelling_off(3.0, n=EPOCHS_MIN - 1), False) == []
    assert phases(levelling_off(3.0, n=EPOCHS_MIN), False) != []
    assert phases(np.zeros(N), False) == []


@given(
    arrays.arrays(np.float64, st.integers(0, 80), elements=st.floats(0, 1)),
    st.booleans(),
)
def test_phases_follow_each_other_from_the_first_epoch_to_the_last(
    values: Floats, declined: bool
) -> None:
    found = phases(values, declined)
    covered = [row for phase in found for row in range(phase.first, phase.last + 1)]
    assert covered == (list(range(len(values))) if found else [])
    assert all(phase.first <= phase.last and np.isfinite(phase.gain) for phase in found)
