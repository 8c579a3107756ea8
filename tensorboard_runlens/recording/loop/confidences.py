"""Scores of two classes (a pixel is foreground or not) counted into bins, however many images there are.

A score counts as foreground from its own bin on, so every count is exact for a threshold that is at
most a bin's width, 1/10,000, below the one it is stated for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.loop.average_precision import CONFIDENCE
from tensorboard_runlens.recording.loop.values import array
from tensorboard_runlens.run import Floats, Integers

BINS = 10_000
"""Ten times as fine as the curves; 160 kB of memory."""

POINTS = np.minimum((CONFIDENCE * BINS).astype(np.int64), BINS - 1)
"""The bins in which the points of the curves lie."""

AT_ONCE = 2**20
"""Scores that are sorted into bins in one go, so that a volume needs no copy of itself."""


@dataclass(frozen=True)
class Binary:
    """What scores say of two classes: ``metrics`` at the threshold where F1 is best, AUC over all of them (None
    where only one class was there). ``optimum`` is that threshold and its F1. The curves
    are (1000,) over CONFIDENCE."""

    optimum: dict[str, float]
    metrics: dict[str, Optional[float]]
    precision: Floats
    recall: Floats
    f1: Floats


class Confidences:
    """The counts of one validation."""

    def __init__(self) -> None:
        self._foreground = np.zeros(BINS, np.int64)
        self._background = np.zeros(BINS, np.int64)

    def add(self, scores: Any, labels: Any) -> None:
        """Counts scores 0 to 1 and their labels 0 or 1, of any shape. Raises ValueError for anything else."""
        (scores, labels) = (np.squeeze(array(scores)), np.squeeze(array(labels)))
        if scores.shape != labels.shape:
            raise ValueError(f"scores {scores.shape} and labels {labels.shape} differ in shape")
        (scores, labels) = (scores.ravel(), labels.ravel())
        _check(scores, labels)
        for start in range(0, scores.size, AT_ONCE):
            part = slice(start, start + AT_ONCE)
            bins = np.minimum((scores[part].astype(np.float64) * BINS).astype(np.int64), BINS - 1)
            true = labels[part].astype(np.bool_)
            self._foreground += np.bincount(bins[true], minlength=BINS)
            self._background += np.bincount(bins[~true], minlength=BINS)

    def measured(self) -> Optional[Binary]:
        """None where no foreground was there: nothing could be found."""
        (every, alarms) = (_from_the_top(self._foreground), _from_the_top(self._background))
        total = every[0]
        if not total:
            return None
        (found, wrong) = (every[POINTS], alarms[POINTS])
        with np.errstate(invalid="ignore"):
            precision = np.where(found + wrong, found / (found + wrong), 1.0)
        f1 = 2 * found / (found + wrong + total)
        best = np.flatnonzero(f1 == f1.max())
        at = int(best[len(best) // 2])  # where scores leave a gap, its middle and not its edge
        metrics = {
            "precision": float(precision[at]),
            "recall": float(found[at] / total),
            "f1": float(f1[at]),
            "iou": float(found[at] / (wrong[at] + total)),
            "auc": _area(every, alarms),
        }
        optimum = {"confidence": float(CONFIDENCE[at]), "f1": float(f1[at])}
        return Binary(optimum, metrics, precision, found / total, f1)


def _check(scores: Any, labels: Any) -> None:
    """Raises ValueError for logits, NaN, and masks that hold 255."""
    if scores.size and not (scores.min() >= 0 and scores.max() <= 1):
        span = f"{scores.min():.3g} to {scores.max():.3g}"
        raise ValueError(f"scores have to be 0 to 1, as after a sigmoid; these are {span}")
    strange = labels[(labels != 0) & (labels != 1)]
    if strange.size:
        raise ValueError(f"labels have to be 0 or 1; there is {strange[0]}")


def _from_the_top(counts: Integers) -> Integers:
    """How many lie in each bin or above it."""
    return counts[::-1].cumsum()[::-1]


def _area(found: Integers, wrong: Integers) -> Optional[float]:
    """Area under the curve of recall over false alarms, a line within a bin."""
    if not wrong[0]:
        return None
    (hits, alarms) = (np.append(found, 0) / found[0], np.append(wrong, 0) / wrong[0])
    return float(((hits[1:] + hits[:-1]) / 2 * -np.diff(alarms)).sum())
