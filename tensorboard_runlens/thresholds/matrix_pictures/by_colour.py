"""Shares of the true class from the colours of a heat map alone."""

from __future__ import annotations

from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.matrix_pictures.agreement import HIDDEN, ROUNDED, STEPS

FEWEST_COLUMNS = 4
"""Columns that are needed to tell that all of them sum to one: two numbers are fitted to them."""

PALE = 16
PALE_EACH = 4
"""Levels of all its cells together, and for each cell told by its colour, below which a column is too pale: half a
level is more than .03 of it. Cells below half a level are all taken for too much: with fewer levels each, shares were
off by .1 to .4 in drawn matrices of 30 to 40 classes, with as many by .05."""

SUM_TOLERANCE = 0.05
"""By which the columns of a picture of fractions may miss the sum of one: small fractions are not drawn, and a colour
has a 256th."""


def fractions_by_colour(level: Floats, blank: npt.NDArray[np.bool_]) -> Optional[Floats]:
    """The fractions of each column, (size, size), that a picture of such shows; NaN where ``blank``. None where its
    columns do not sum to one, or are too few to tell."""
    height = np.where(blank, 0.0, (level + 0.5) / STEPS)
    total = height.sum(axis=0)
    columns = total > 0
    scale = _scale(total[columns], (~blank).sum(axis=0)[columns])
    if scale is None:
        return None
    (low, span) = scale
    return np.where(blank, np.nan, low + span * height)


def shares_of_counts(
    level: Floats, blank: npt.NDArray[np.bool_], known: Floats, top: float
) -> Floats:
    """The share that each cell has of its column, (size, size), NaN where ``blank`` and in columns too pale to tell.

    ``known`` are counts that were read, NaN elsewhere; ``top`` is the count of the darkest colour.
    """
    amount = np.where(np.isnan(known), top * (level + 0.5) / STEPS, known)
    amount[blank] = 0.0
    total = amount.sum(axis=0)
    guessed = (~blank & np.isnan(known)).sum(axis=0)
    pale = (guessed > 0) & (total < np.maximum(PALE, PALE_EACH * guessed) * top / STEPS)
    shares = np.divide(amount, total, out=np.zeros_like(amount), where=total > 0)
    return np.where(blank | pale, np.nan, shares)


def _scale(total: Floats, drawn: Floats) -> Optional[tuple[float, float]]:
    """The colour bar's least value and span by which every column sums to one; None where none does."""
    if len(total) < FEWEST_COLUMNS:
        return None
    terms = np.stack([drawn, total], axis=1).astype(float)
    for fit in (terms[:, 1:], terms):
        found = np.linalg.lstsq(fit, np.ones(len(fit)), rcond=None)[0]
        (low, span) = (0.0, *found.tolist()) if len(found) == 1 else found.tolist()
        misses = np.abs(fit @ found - 1).max() > SUM_TOLERANCE
        if not misses and -ROUNDED <= low <= 1 and span > 0 and low + span <= 1 + HIDDEN:
            return (max(low, 0.0), span)
    return None
