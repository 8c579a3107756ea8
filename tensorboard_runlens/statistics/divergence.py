"""Where a curve broke down and stayed down: a training loss far above its lowest, a metric that lost nearly all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.noise import inner_medians, robust_sigma, running_median

LAST_ROWS = 5
"""Rows whose median stands for the end of a training."""

RISE_RATIO = 1.25
"""Training loss at the end against its lowest: a quarter above it, and not by chance, is divergence ..."""

RISE_SIGMAS = 5.0
"""... that is, by more than this many standard deviations of its noise ..."""

STAYED_SHARE = 0.5
"""... unless less than half of the rise is left: then it is coming back."""

LOST_SHARE = 0.2
"""A metric that ends below a fifth of its best has collapsed ..."""

LOST_MIN = 0.05
"""... if that best was five points or more above the end: below it nothing was learnt that could be lost."""


LOST_TOO = 0.5
"""While a training goes on a loss that rose is divergence only where the metric has lost half of its best, too, and a
metric that fell only where the loss lies RISE_RATIO above its lowest: in 7 of 465 real trainings one of the two broke
down for up to 28 epochs and came back; never both."""


@dataclass(frozen=True)
class Divergence:
    """``best`` and ``end`` are levels, medians of LAST_ROWS rows; ``since`` is the last row at the best level, an index
    into the series that was passed."""

    best: float
    end: float
    since: int


def loss_divergence(loss: Floats) -> Optional[Divergence]:
    """Whether a training loss (n,), NaN where unknown, ends far above its lowest and is not coming back."""
    rows = np.flatnonzero(np.isfinite(loss))
    finite = loss[rows]
    if len(rows) < 2 * LAST_ROWS or _end(finite) < RISE_RATIO * float(finite.min()):
        return None
    found = _stayed_off(rows, finite, sign=1.0)
    if found is None or found.best <= 0 or found.end < RISE_RATIO * found.best:
        return None
    sigma = robust_sigma(finite - running_median(finite, LAST_ROWS))
    return found if found.end - found.best > RISE_SIGMAS * sigma else None


def metric_collapse(metric: Floats) -> Optional[Divergence]:
    """Whether a metric (n,), fraction 0..1, NaN where unknown, ends at next to nothing of its best."""
    rows = np.flatnonzero(np.isfinite(metric))
    finite = metric[rows]
    if len(rows) < 2 * LAST_ROWS or _end(finite) >= LOST_SHARE * float(finite.max()):
        return None
    found = _stayed_off(rows, finite, sign=-1.0)
    if found is None or found.end >= LOST_SHARE * found.best:
        return None
    return found if found.best - found.end >= LOST_MIN else None


def both_broke_down(loss: Floats, metric: Floats) -> bool:
    """Whether both a training loss and a metric, (n,) each, NaN where unknown, end far from their best. What was never
    measured contradicts nothing."""
    (losses, scores) = (loss[np.isfinite(loss)], metric[np.isfinite(metric)])
    risen = not len(losses) or _end(losses) >= RISE_RATIO * float(losses.min())
    fallen = not len(scores) or _end(scores) <= LOST_TOO * float(scores.max())
    return risen and fallen


def _end(values: Floats) -> float:
    return float(np.median(values[-LAST_ROWS:]))


def _stayed_off(rows: Integers, values: Floats, sign: float) -> Optional[Divergence]:
    """The end against the best level; ``sign`` is 1 where low is good, -1 where high is. None where it comes back."""
    levels = sign * inner_medians(values, LAST_ROWS)
    best = int(len(levels) - 1 - np.argmin(levels[::-1]))
    (lowest, end) = (float(levels[best]), float(levels[-1]))
    if end - lowest <= STAYED_SHARE * (float(levels[best:].max()) - lowest):
        return None
    return Divergence(sign * lowest, sign * end, int(rows[best + LAST_ROWS // 2]))
