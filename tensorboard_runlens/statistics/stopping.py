"""Is a running training past its best? Then the rest of its plan is wasted.

Two things must come together. Something has turned: the metric has fallen from its best for sure, or the validation
loss overfits, or the best epoch lies long ago. And the rest of the plan is unlikely to bring one point more: a metric
that fell while the learning rate was high often comes back, and the forecast knows from real trainings how often.
Neither is enough alone, since this is asked anew at every epoch. ``benchmarks/stopping.py`` shows what it saves and
what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.assess import (
    FEW_ROWS,
    HIGH_SCORE,
    VERY_FEW_IMAGES,
    Overfitting,
    assess,
)
from tensorboard_runlens.statistics.forecast import UNLIKELY, Errors, forecast
from tensorboard_runlens.statistics.metric_change import step_of

FALL_ERRORS = 3.0
"""A fall is sure from so many of its standard errors on. From 2.5 to 4.5 none of 275 real trainings lost a
point, at 2 five did; the fewer, the more epochs are saved."""

LONG_SHARE = 1 / 3
"""The best epoch lies long ago after a third of the plan. From a quarter to two fifths 26 to 22 % of the epochs are
saved on real trainings that are past their best, and 2 to 0 of 275 lost a point."""

LONG_CHANCE = 0.2
"""... if one point more is as unlikely as that, since waiting alone says less than a fall. At .15 22 % are saved and
none lost a point, at .3 28 % and three did."""


@dataclass(frozen=True)
class PastBest:
    """Why a training is past its best: ``drop`` is what the metric has fallen from its best stretch, a fraction 0..1,
    ``excess`` by what share of its minimum the validation loss has risen, each None where that is not sure: where both
    are, the best lies long ago. The metric was highest, ``best``, in row ``best_row``; ``chance`` is that of one point
    more, 0..1."""

    best_row: int
    best: float
    drop: Optional[float]
    excess: Optional[float]
    chance: float


def past_best(
    done: Floats,
    metric: Floats,
    train_loss: Floats,
    val_loss: Floats,
    planned: int,
    *,
    n_val_images: Optional[int] = None,
    close_mosaic_row: Optional[int] = None,
    errors: Optional[Errors] = None,
) -> Optional[PastBest]:
    """Judges a training of ``planned`` epochs after those that are ``done``; None while it is not past its best.

    All arrays have shape (n,), a value an epoch: ``done`` counts epochs from 1 and rises, ``metric`` is a fraction
    0..1, losses are in any unit; what was not measured is NaN. ``close_mosaic_row`` is the first row without mosaic,
    ``errors`` are the forecast's, by default those that are shipped. Raises ValueError for arrays of unequal length.
    """
    if not len(done) == len(metric) == len(train_loss) == len(val_loss):
        raise ValueError("arrays of unequal length")
    known = np.flatnonzero((metric >= 0) & (metric <= 1) & np.isfinite(done))
    if len(known) < FEW_ROWS or done[known[-1]] >= planned or _too_few(n_val_images):
        return None
    rest = forecast(done[known], metric[known], planned, errors)
    if rest is None or rest.chance > UNLIKELY:
        return None
    verdict = assess(train_loss, val_loss, metric, close_mosaic_row=close_mosaic_row)
    (fallen, overfits) = (_fallen(verdict), _overfits(verdict))
    best_row = int(known[np.argmax(metric[known])])
    long_ago = done[known[-1]] - done[best_row] >= LONG_SHARE * planned
    waited = long_ago and rest.chance <= LONG_CHANCE and _declines(verdict, metric[known])
    if not (fallen or overfits or waited):
        return None
    return PastBest(
        best_row=best_row,
        best=float(metric[best_row]),
        drop=verdict.metric_drop if fallen else None,
        excess=verdict.excess if overfits else None,
        chance=rest.chance,
    )


def _too_few(n_val_images: Optional[int]) -> bool:
    """Whether so few images are validated that a metric drifts by itself."""
    return n_val_images is not None and n_val_images < VERY_FEW_IMAGES


def _fallen(verdict: Overfitting) -> bool:
    return verdict.quality == "worse" and verdict.metric_drop > FALL_ERRORS * verdict.metric_error


def _overfits(verdict: Overfitting) -> bool:
    """A loss that rises is no reason to stop while the metric rises as well."""
    return verdict.loss_overfits and verdict.score >= HIGH_SCORE and verdict.quality != "better"


def _declines(verdict: Overfitting, metric: Floats) -> bool:
    """However little; of one that moves in steps, as the accuracy of a few images does, that says nothing."""
    return verdict.metric_drop > 0 and step_of(metric) == 0
