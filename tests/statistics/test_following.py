"""Whether the validation loss goes with the training loss."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens.statistics.following import EPOCHS_MIN, WARM_UP_ROWS, following

ROWS = np.arange(60)
FALLING = 1 + np.exp(-ROWS / 8)


def test_losses_that_fall_together_are_correlated_and_their_gap_is_level() -> None:
    found = following(FALLING, FALLING + 0.2)
    assert found is not None
    assert found.correlation == pytest.approx(1.0)
    assert found.gap == pytest.approx(0.2)
    (low, high) = found.late.interval
    assert low <= 1e-9 and high >= -1e-9


def test_a_validation_loss_that_rises_is_correlated_the_other_way() -> None:
    found = following(FALLING, 3 - FALLING)
    assert found is not None
    assert found.correlation == pytest.approx(-1.0)
    assert found.late.interval[0] > 0


def test_warm_up_and_epochs_without_validation_are_left_out() -> None:
    val = np.where(ROWS % 2 == 0, FALLING, np.nan)
    val[:WARM_UP_ROWS] = -100.0
    found = following(FALLING, val)
    assert found is not None
    assert (found.epochs, found.correlation) == (28, pytest.approx(1.0))


@pytest.mark.parametrize(
    ("rows", "said"), [(WARM_UP_ROWS + EPOCHS_MIN - 1, False), (WARM_UP_ROWS + EPOCHS_MIN, True)]
)
def test_few_epochs_say_nothing(rows: int, said: bool) -> None:
    assert (following(FALLING[:rows], FALLING[:rows]) is not None) is said
