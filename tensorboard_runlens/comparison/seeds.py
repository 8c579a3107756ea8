"""How far the same training lands elsewhere with another seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tensorboard_runlens.comparison.contender import Contender, Metric
from tensorboard_runlens.relations.copies import repeats_of
from tensorboard_runlens.statistics.level import Level

USUAL = 0.0075
"""Standard deviation of a metric between seeds where no repeats are known: half a point to a point (diagnosis.md 6)."""

MOVING = 0.5
"""... or half of what the curve still gained over the epochs of the mean, where that is more: unfinished trainings
differ in how far they have come. In a dozen short ones it was a quarter to four fifths of that gain."""

OF_LOSS = 0.02
"""The same of a validation loss, as a share of it: ten trainings of one recipe had 1.9 %."""

WEIGHT = 2
"""Repeats that the assumption counts for: it has the say until two more trainings than groups were repeated."""


@dataclass(frozen=True)
class Seeds:
    """What the repeats among the compared runs tell: the sum of ``squares`` of their distances to the mean of their
    group, and how many of these are ``free``. Both 0 where no training was repeated."""

    squares: float = 0.0
    free: int = 0

    def deviation(self, level: Level) -> float:
        """Standard deviation between seeds of a training with this level of a metric."""
        variance = (WEIGHT * assumed(level, USUAL) ** 2 + self.squares) / (WEIGHT + self.free)
        return math.sqrt(variance)


def assumed(level: Level, usual: float) -> float:
    """Standard deviation between seeds where no repeats are known. A curve that shakes from epoch to epoch by more than
    is ``usual`` is assumed to do so from seed to seed; and one that still moves has come as far as it has by luck."""
    return max(usual, level.sigma, MOVING * abs(level.rise))


def seeds_of(contenders: Sequence[Contender]) -> Mapping[Metric, Seeds]:
    """Of every metric, from runs among these that differ by their seed only."""
    known = {one.name: one for one in contenders}
    repeats = [[known[name] for name in group] for group in repeated(contenders)]
    metrics = dict.fromkeys(metric for one in contenders for metric in one.curves)
    return {metric: _of_metric(repeats, metric) for metric in metrics}


def repeated(contenders: Sequence[Contender]) -> Iterator[tuple[str, ...]]:
    """Names of runs that differ by their seed, each once: two of one seed have the same others."""
    placed: set[str] = set()
    for name, others in repeats_of({one.name: one.analysis.run for one in contenders}).items():
        group = (name, *(other for other in others if other not in placed))
        if name not in placed and len(group) > 1:
            placed.update(group)
            yield group


def _of_metric(repeats: Sequence[Sequence[Contender]], metric: Metric) -> Seeds:
    (squares, free) = (0.0, 0)
    for group in repeats:
        means = [one.curves[metric].around_best.mean for one in group if metric in one.curves]
        if len(means) > 1:
            squares += float(np.var(means)) * len(means)
            free += len(means) - 1
    return Seeds(squares, free)
