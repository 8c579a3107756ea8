"""The best cut of all there are: between which two scores to cut so that an objective is exactly as high as it gets.

A cut is moved down from score to score; where scores are equal all of them pass or none. Only cuts right
below a true positive can be best: what else passes is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at
from tensorboard_runlens.thresholds.objective import Objective

Average = Literal["macro", "micro"]

CUTS_AT_ONCE = 512
"""Cuts that are counted together: with 80 classes some megabytes."""

ROUNDING = 1e-12
"""Means over the classes that differ by less are the same number, summed otherwise."""


@dataclass(frozen=True)
class Cut:
    """What passes ``confidence``: ``found`` detections, ``right`` of them true positives, of ``instances`` objects, in
    all classes; ``value`` is the objective.

    The confidence lies halfway between the lowest score that passes and the next lower one, or 0: the same
    detections pass whether scores are asked to be above it or not below it.
    """

    confidence: float
    value: float
    right: int
    found: int
    instances: int


def highest(counting: Counting, objective: Objective, average: Average = "macro") -> Optional[Cut]:
    """The best cut for all classes.

    The mean over the classes that have objects is meant by "macro", with F-beta; "micro" counts all classes
    together, as precision, recall and cost always do. Of equally good cuts the highest. None where nothing that
    passes is better than nothing, or no cut reaches what is asked for.
    """
    scores = np.unique(counting.confidence[counting.hit])[::-1]
    if not len(scores) or not counting.present.any():
        return None
    if average == "macro" and objective.kind == "f":
        (score, value) = _best_mean(counting, objective, scores.astype(np.float64))
    else:
        (right, found) = _counted_together(counting, scores)
        values = objective.of_counts(right, found, counting.instances.sum())
        best = objective.best(values)
        if best is None:
            return None
        (score, value) = (float(scores[best]), float(values[best]))
    nothing = objective.of_counts(0, 0, counting.instances.sum())
    if objective.kind in ("f", "cost") and not value > nothing:
        return None
    return _cut(counting, score, value)


def class_highest(counting: Counting, objective: Objective) -> tuple[Floats, Floats]:
    """(confidence, value) of the best cut for each class on its own, (c,) each; NaN where ``highest`` has none."""
    (confidence, value) = (np.full(len(counting.classes), np.nan) for _ in range(2))
    (ends, right) = _ends_of_hits(counting)
    bounds = np.searchsorted(ends, counting.start)
    index = np.repeat(np.arange(len(counting.classes)), np.diff(bounds))
    found = ends + 1 - counting.start[index]
    values = objective.of_counts(right, found, counting.instances[index])
    nothing = objective.of_counts(0, 0, counting.instances)
    for number, (first, stop) in enumerate(zip(bounds, bounds[1:])):
        best = objective.best(values[first:stop])
        if best is None or (
            objective.kind in ("f", "cost") and not values[first + best] > nothing[number]
        ):
            continue
        value[number] = values[first + best]
        confidence[number] = _between(counting, int(ends[first + best]), number)
    return (confidence, value)


def _best_mean(counting: Counting, objective: Objective, scores: Floats) -> tuple[float, float]:
    """(score, value) of the cut with the best mean over the classes, of those below falling ``scores``.

    Some are counted. Between two of those the mean is at most what it would be if all hits of the lower one passed
    beside the wrong detections of the higher one only: where that is no more than the best so far, none is counted.
    """
    present = counting.present
    instances = counting.instances[present, None]
    counted = np.empty((2, 0))
    while len(scores):
        step = -(-len(scores) // CUTS_AT_ONCE)
        tried = np.unique(np.append(np.arange(0, len(scores), step), len(scores) - 1))
        (right, found) = (one[present] for one in counted_at(counting, scores[tried]))
        means = objective.of_counts(right, found, instances).mean(0)
        counted = np.concatenate([counted, [scores[tried], means]], axis=1)
        best_of = right[:, 1:] + (found - right)[:, :-1]
        bounds = objective.of_counts(right[:, 1:], best_of, instances).mean(0)
        between = np.repeat(bounds >= counted[1].max() - ROUNDING, np.diff(tried))
        between[tried[:-1]] = False
        scores = scores[:-1][between]
    equal = counted[:, counted[1] >= counted[1].max() - ROUNDING]
    (score, value) = equal[:, equal[0].argmax()]
    return (float(score), float(value))


def _counted_together(
    counting: Counting, scores: npt.NDArray[np.float32]
) -> tuple[Integers, Integers]:
    """(right, found) in all classes at each of falling ``scores``."""
    rising = scores[::-1]
    (right, found) = (
        len(these) - np.searchsorted(np.sort(these), rising, side="left")
        for these in (counting.confidence[counting.hit], counting.confidence)
    )
    return (right[::-1], found[::-1])


def _cut(counting: Counting, score: float, value: float) -> Cut:
    passes = counting.confidence >= np.float32(score)
    lower = counting.confidence[~passes].max(initial=0)
    return Cut(
        confidence=(score + float(lower)) / 2,
        value=value,
        right=int(np.count_nonzero(passes & counting.hit)),
        found=int(np.count_nonzero(passes)),
        instances=int(counting.instances.sum()),
    )


def _ends_of_hits(counting: Counting) -> tuple[Integers, Integers]:
    """(rows, right): the last rows of equal scores with a true positive among them, and the true positives of their
    class up to there."""
    last = np.ones(len(counting.hit), bool)
    np.not_equal(counting.confidence[1:], counting.confidence[:-1], out=last[:-1])
    last[counting.start[1:][counting.start[1:] > 0] - 1] = True
    hits = np.flatnonzero(counting.hit)
    ends = np.flatnonzero(last)
    (rows, first) = np.unique(ends[np.searchsorted(ends, hits)], return_index=True)
    through = np.append(first[1:], len(hits))
    before = np.searchsorted(hits, counting.start)
    index = np.searchsorted(counting.start, rows, side="right") - 1
    return (rows, through - before[index])


def _between(counting: Counting, row: int, index: int) -> float:
    """Halfway between the score of a row and the next lower one of the class."""
    below = row + 1 < counting.start[index + 1]
    lower = float(counting.confidence[row + 1]) if below else 0.0
    return (float(counting.confidence[row]) + lower) / 2
