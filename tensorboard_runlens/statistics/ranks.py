"""Whether two quantities go together, by their ranks: series of shape (n,), finite values."""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.run import Floats

PERMUTATIONS = 1000
"""Orders drawn by lot: a probability of .05 is then known to within .014 (95 %)."""

MAX_RANKED = 500
"""Values that are ordered anew each time; of more as many, evenly spread, or 20,000 classes would take a second."""

SLACK = 1e-12
"""Below this two correlations are the same one, summed in another order."""


def ranks(values: Floats) -> Floats:
    """Ranks from 1 up, equal values sharing the mean of theirs."""
    (_, inverse, times) = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times - 1) / 2)[inverse], np.float64)


def spearman(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation, -1..1; 0 where one of the two does not vary."""
    (one, other) = (_standard(ranks(first)), _standard(ranks(second)))
    return float(one @ other)


def rising_p(first: Floats, second: Floats, seed: int = 0) -> float:
    """How likely a rank correlation as high as theirs is by chance: permutation test, one-sided, (0, 1]."""
    if len(first) > MAX_RANKED:
        rows = np.linspace(0, len(first) - 1, MAX_RANKED).round().astype(np.int64)
        (first, second) = (first[rows], second[rows])
    (one, other) = (_standard(ranks(first)), _standard(ranks(second)))
    drawn = np.random.default_rng(seed).permuted(np.tile(other, (PERMUTATIONS, 1)), axis=1)
    as_high = int(np.sum(drawn @ one >= one @ other - SLACK))
    return (1 + as_high) / (1 + PERMUTATIONS)


def _standard(values: Floats) -> Floats:
    """Centred, of length 1; zeros where nothing varies."""
    centred = values - values.mean()
    length = float(np.linalg.norm(centred))
    return centred / length if length > 0 else np.zeros_like(centred)
