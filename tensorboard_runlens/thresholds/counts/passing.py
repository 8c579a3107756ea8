"""What passes each of many confidences: what a slider reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at
from tensorboard_runlens.thresholds.objective import F1, precision_of, recall_of

GRID = np.linspace(0, 1, 201)
"""0, 0.005, ... 1: the steps of the slider."""


@dataclass(frozen=True, eq=False)
class Swept:
    """At each ``confidence`` (k,): means over the classes that have objects of ``f1``, ``precision`` and ``recall``
    (k,), and by class ``found`` detections and the ``right`` ones of them, (c, k), rows as in Counting. A class of
    which nothing passes has no precision and is left out of its mean, which is NaN where nothing passes at all; in
    the frameworks' curves it counts as 1."""

    confidence: Floats
    f1: Floats
    precision: Floats
    recall: Floats
    right: Integers
    found: Integers


@dataclass(frozen=True)
class Passing:
    """What passes one confidence: means over the classes as in Swept, and counts over all of them."""

    confidence: float
    f1: float
    precision: float
    recall: float
    found: int
    right: int
    instances: int


def sweep(counting: Counting, confidence: Floats = GRID) -> Swept:
    """The means are 0 where no class has objects."""
    (right, found) = counted_at(counting, confidence)
    present = counting.present
    (of_present, all_of_present) = (right[present], found[present])
    instances = counting.instances[present, None]

    def mean(values: Floats) -> Floats:
        return values.mean(0) if len(values) else np.zeros(len(confidence))

    return Swept(
        confidence=confidence,
        f1=mean(F1.of_counts(of_present, all_of_present, instances)),
        precision=_mean_precision(of_present, all_of_present),
        recall=mean(recall_of(of_present, instances)),
        right=right,
        found=found,
    )


def _mean_precision(right: Integers, found: Integers) -> Floats:
    """(k,) the mean over the classes of which something passes; NaN where nothing does."""
    total = (precision_of(right, found) * (found > 0)).sum(0)
    classes = (found > 0).sum(0)
    return np.asarray(np.where(classes > 0, total / np.maximum(classes, 1), np.nan), np.float64)


def passing(counting: Counting, confidence: float) -> Passing:
    """What passes one confidence, counted exactly."""
    swept = sweep(counting, np.array([confidence], np.float64))
    return Passing(
        confidence=confidence,
        f1=float(swept.f1[0]),
        precision=float(swept.precision[0]),
        recall=float(swept.recall[0]),
        found=int(swept.found.sum()),
        right=int(swept.right.sum()),
        instances=int(counting.instances.sum()),
    )
