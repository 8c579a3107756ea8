"""When a training is past its best: surely, never too early, and never where it still improves."""

from __future__ import annotations

import time
from typing import Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.assess import FEW_ROWS, VERY_FEW_IMAGES
from tensorboard_runlens.statistics.forecast import UNLIKELY
from tensorboard_runlens.statistics.stopping import (
    LONG_CHANCE,
    LONG_SHARE,
    PastBest,
    past_best,
)

PLANNED = 100
EPOCHS = np.arange(1.0, PLANNED + 1)
SEEDS = range(12)
ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


def rising(top: float = 0.6, share: float = 0.15) -> np.ndarray:
    """A metric that levels off."""
    return top * (1 - np.exp(-EPOCHS / (share * PLANNED)))


def noisy(values: np.ndarray, seed: int, sigma: float = 0.005) -> np.ndarray:
    return values + np.random.default_rng(seed).normal(0, sigma, len(values))


def falling(values: np.ndarray, first: int, per_epoch: float) -> np.ndarray:
    """The metric until an epoch, and what is left of it when it falls from there on."""
    return values - per_epoch * np.maximum(EPOCHS - first, 0)


def losses(seed: int, rise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Training loss, and a validation loss that rises by a share from epoch 20 to the end."""
    level = 1 + np.exp(-EPOCHS / 10)
    up = 1 + rise * np.maximum(EPOCHS - 20, 0) / (PLANNED - 20)
    return (
        noisy(level - EPOCHS / 200, seed + 100, 0.003),
        noisy(level * up, seed + 200, 0.005),
    )


def stopped(
    metric: np.ndarray, train: np.ndarray, val: np.ndarray, **more: int
) -> tuple[Optional[int], Optional[PastBest]]:
    """After which epoch, and why."""
    for done in range(1, len(metric)):
        now = slice(done)
        why = past_best(EPOCHS[now], metric[now], train[now], val[now], PLANNED, **more)
        if why is not None:
            return (done, why)
    return (None, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_metric_that_falls_for_long_stops_the_training(seed):
    metric = noisy(falling(rising(share=0.05), 25, 0.003), seed)
    (epoch, why) = stopped(metric, *losses(seed))
    assert epoch is not None and why is not None and why.drop is not None
    assert 25 < epoch < 80
    assert metric[:epoch].max() == metric.max() == why.best == metric[why.best_row]
    assert why.drop > 0.01 and why.chance <= UNLIKELY


def test_a_loss_that_overfits_stops_it_where_the_metric_gains_no_more():
    ends = [
        stopped(noisy(rising(share=0.04), seed, 0.003), *losses(seed, rise=0.8)) for seed in SEEDS
    ]
    assert all(20 < (epoch or 0) < 90 for (epoch, _) in ends)
    rises = [why.excess for (_, why) in ends if why is not None and why.excess is not None]
    assert len(rises) >= 10
    assert min(rises) > 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loss_that_overfits_is_no_reason_while_the_metric_rises(seed):
    assert stopped(noisy(0.2 + 0.004 * EPOCHS, seed), *losses(seed, rise=0.4)) == (None, None)


@pytest.mark.parametrize("sigma", [0.002, 0.01, 0.03])
def test_of_a_noisy_plateau_nothing_but_luck_is_lost(sigma):
    """It is seldom taken for a decline, asked after every epoch; its end comes where its best lies long ago."""
    metrics = [noisy(rising(share=0.05), seed, sigma) for seed in SEEDS]
    ends = [stopped(metric, *losses(seed)) for (seed, metric) in enumerate(metrics)]
    found = [(metric, end, why) for (metric, (end, why)) in zip(metrics, ends) if end and why]
    assert sum(why.drop is not None for (_, _, why) in found) <= 3
    assert all(lies_long_ago(end, why) for (_, end, why) in found if why.drop is None)
    assert max((metric.max() - metric[:end].max() for (metric, end, _) in found), default=0) < sigma


def lies_long_ago(end: int, why: PastBest) -> bool:
    return end - (why.best_row + 1) >= LONG_SHARE * PLANNED and why.chance <= LONG_CHANCE


@pytest.mark.parametrize("gain", [0.02, 0.06])
@pytest.mark.parametrize("last", [10, 30])
def test_a_plateau_is_waited_out_for_what_the_end_of_mosaic_or_the_learning_rate_brings(gain, last):
    """One step in the last epochs, and one that comes as the learning rate falls."""
    late = gain * (PLANNED - last < EPOCHS) * np.minimum((EPOCHS - PLANNED + last) / last * 3, 1)
    ends = [stopped(noisy(rising(share=0.1) + late, seed), *losses(seed))[0] for seed in SEEDS]
    assert sum(end is not None for end in ends) <= 1


def test_a_best_that_lies_long_ago_stops_it_where_no_fall_is_sure():
    metric = noisy(falling(rising(share=0.05), 25, 0.0003), 2)
    (epoch, why) = stopped(metric, *losses(2))
    assert epoch is not None and why is not None
    assert (why.drop, why.excess) == (None, None)
    assert lies_long_ago(epoch, why)
    assert metric.max() == why.best == metric[why.best_row]


def test_a_best_that_lies_long_ago_says_nothing_where_the_metric_moves_in_steps():
    """The accuracy of 60 images, by one of which it was higher once."""
    correct = np.round(60 * rising(top=0.8, share=0.05))
    correct[28:33] += 1
    assert stopped(correct / 60, *losses(1)) == (None, None)
    assert stopped(noisy(correct / 60, 1, 0.0005), *losses(1))[0] is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_collapse_early_on_is_waited_out(seed):
    """As pretrained weights do in warm-up, and a learning rate that is too high for a while."""
    metric = noisy(rising(share=0.3), seed)
    metric[12:24] *= 0.4
    (epoch, _) = stopped(metric, *losses(seed))
    assert epoch is None


def test_few_images_tell_nothing_for_sure():
    metric = noisy(falling(rising(share=0.05), 25, 0.003), 1)
    few = stopped(metric, *losses(1), n_val_images=VERY_FEW_IMAGES - 1)
    enough = stopped(metric, *losses(1), n_val_images=VERY_FEW_IMAGES)
    assert few == (None, None)
    assert enough == stopped(metric, *losses(1))


def test_a_loss_that_rises_as_mosaic_closes_does_not_overfit():
    (train, val) = losses(3)
    val *= 1 + 0.5 * np.maximum(EPOCHS - 60, 0) / 40
    metric = noisy(rising(share=0.08), 3, 0.002)
    (_, why) = stopped(metric, train, val)
    assert why is not None and why.excess is not None
    assert stopped(metric, train, val, close_mosaic_row=60) == (None, None)


def test_epochs_that_were_not_validated_are_left_out():
    metric = noisy(falling(rising(share=0.05), 25, 0.003), 1)
    (train, val) = losses(1)
    metric[::2] = val[::2] = np.nan
    (epoch, why) = stopped(metric, train, val)
    assert epoch is not None and why is not None
    assert why.best_row % 2 == 1
    assert metric[why.best_row] == np.nanmax(metric[:epoch])


@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), max_size=60), st.integers(-5, 200))
def test_nothing_raises(rows, planned):
    (metric, train, val) = np.array(rows, np.float64).reshape(-1, 3).T
    why = past_best(np.arange(1.0, len(rows) + 1), metric, train, val, planned)
    assert why is None or (len(rows) >= FEW_ROWS and len(rows) < planned)


@given(
    st.lists(st.floats(0, 1), min_size=20, max_size=120),
    st.lists(st.floats(0.1, 5), min_size=120, max_size=120),
)
def test_what_only_improves_is_never_stopped(metric, val):
    """Whatever its shape, however little comes: the metric does not fall, nor does the loss rise."""
    rises = np.maximum.accumulate(metric)
    falls = np.minimum.accumulate(val[: len(metric)])
    done = np.arange(1.0, len(metric) + 1)
    for planned in (len(metric) + 1, 2 * len(metric)):
        assert past_best(done, rises, falls, falls, planned) is None


def test_arrays_of_unequal_length_are_said():
    with pytest.raises(ValueError, match="unequal length"):
        past_best(np.ones(3), np.ones(2), np.ones(3), np.ones(3), 10)


def test_it_costs_next_to_nothing():
    done = np.arange(1.0, 301)
    metric = np.interp(done, EPOCHS * 3, noisy(falling(rising(), 40, 0.003), 1))
    (train, val) = (np.interp(done, EPOCHS * 3, one) for one in losses(1, rise=0.3))
    past_best(done, metric, train, val, 400)
    began = time.process_time()
    for _ in range(20):
        past_best(done, metric, train, val, 400)
    assert (time.process_time() - began) / 20 < 0.005 * 4  # a busy machine takes its time
