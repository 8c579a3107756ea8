"""Mean average precision and F1 of one validation, and what they would be on images drawn again.

mAP is what Ultralytics computes from 8.4.37 on. For a thousand draws at once, detections lie in bins by confidence, at
most BINS a class. Each bin ends with a true positive, where precision has its peaks, so with up to BINS true
positives a class nothing is lost. Of more, precision is followed a little too low in every draw: draws are moved by
what that makes at the validation itself, whose own value is computed without bins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.run import Classified, Detections, Floats, Integers
from tensorboard_runlens.statistics.resampling import (
    REPLICATES,
    Weights,
    draws,
    unit_of,
    units_of,
)
from tensorboard_runlens.thresholds.best.framework import framework_optimum
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1

BINS = 1000
"""Of a class. COCO's validation, a million detections of 80 classes, then takes 4 s a run; up to 1,000 true positives a
class draws have the very mAP of their images (with 200 bins for 4,000, a difference of runs is right to .001)."""

MAX_DETECTIONS = 3_000_000
"""Twice what COCO's validation can have at 300 an image; the answer would take long and much memory."""

SAMPLES = 100
"""Steps between the recalls at which the framework samples precision."""

ROUNDING = 1e-4
"""Of a step: a recall that is a sample's must not count as above it for the last digit's sake (float32)."""

NOTHING_PASSES = 2.0
"""A confidence above all, where no detection hits and none is best."""


@dataclass(frozen=True, eq=False)
class Measured:
    """``value`` by metric, and ``drawn`` (replicates,) on images drawn again, NaN where none of these had objects.

    Two validations of the same images have the same draws, number by number.
    """

    value: dict[str, float]
    drawn: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class _Class:
    """One class of a validation: its detections from the most confident on, and objects of each unit of images."""

    hits: npt.NDArray[np.int64]
    unit: Integers
    passing: int
    objects: npt.NDArray[np.float32]


def measure(
    detections: Detections, group: str, replicates: int = REPLICATES, seed: int = 0
) -> Optional[Measured]:
    """map50_95, map50 and f1 (mean over the classes, at the confidence where the framework states it) of a group that
    was recorded; None without objects. Raises what ``counting`` does."""
    if not len(detections.truth_count):
        return None
    best = framework_optimum(counting(detections, group))
    classes = list(_classes(detections, group, best.confidence if best else NOTHING_PASSES))
    units = units_of(detections.images)
    exact = _metrics(classes, np.ones((units, 1), np.float32), len(detections.confidence))
    drawn = draws(units, replicates, seed)
    every = np.ascontiguousarray(np.vstack([np.ones(units, np.float32), drawn]).T)
    binned = _metrics(classes, every, BINS)
    return Measured(
        value={name: float(values[0]) for (name, values) in exact.items()},
        drawn={name: values[1:] + (exact[name] - values[0]) for (name, values) in binned.items()},
    )


def measure_classified(
    found: Classified, replicates: int = REPLICATES, seed: int = 0
) -> Optional[Measured]:
    """top1 of a classification; None without images."""
    images = len(found.true)
    if not images:
        return None
    (unit, units) = (unit_of(images), units_of(images))
    right = np.bincount(unit, found.top1 == found.true, units)
    drawn = draws(units, replicates, seed)
    accuracy = (drawn @ right) / (drawn @ np.bincount(unit, minlength=units))
    return Measured({"top1": float(right.sum() / images)}, {"top1": accuracy})


def _metrics(classes: Sequence[_Class], weights: Weights, bins: int) -> dict[str, Floats]:
    """map50_95, map50 and f1, (draws,) each, for weights (units, draws)."""
    count = weights.shape[1]
    (ap50, ap, f1, present) = (np.zeros(count) for _ in range(4))
    for one in classes:
        objects = one.objects @ weights
        there = objects > 0
        by_iou = _average_precision(one, objects, weights, bins)
        (right, found) = (_counted(one, weights, hit) for hit in (True, False))
        ap50 += by_iou[0]
        ap += by_iou.mean(0)
        f1 += F1.of_counts(right, found, objects)
        present += there
    with np.errstate(invalid="ignore"):
        return {"map50_95": ap / present, "map50": ap50 / present, "f1": f1 / present}


def _classes(detections: Detections, group: str, confidence: float) -> Iterator[_Class]:
    """Of every class that has objects."""
    unit = unit_of(detections.images)
    units = units_of(detections.images)
    number = detections.class_number.astype(np.int64)
    order = np.lexsort((-detections.confidence, number))
    number = number[order]
    sure = detections.confidence[order]
    hits = detections.hits[group][order].astype(np.int64)
    image = detections.image[order].astype(np.int64)
    (truth_class, truth_image) = (detections.truth_class, detections.truth_image.astype(np.int64))
    for wanted in np.unique(truth_class).tolist():
        (first, last) = np.searchsorted(number, [wanted, wanted + 1])
        own = truth_class == wanted
        objects = np.bincount(unit[truth_image[own]], detections.truth_count[own], units)
        yield _Class(
            hits=hits[first:last],
            unit=unit[image[first:last]],
            passing=int((sure[first:last] >= confidence).sum()),
            objects=objects.astype(np.float32),
        )


def _average_precision(one: _Class, objects: Any, weights: Weights, most: int) -> Floats:
    """(IOUS, draws); ``objects`` (draws,) are those of the class."""
    ap = np.zeros((IOUS, weights.shape[1]))
    ends = _ends(one.hits, most)
    if not len(ends):
        return ap
    (hits, unit) = (one.hits[: ends[-1] + 1], one.unit[: ends[-1] + 1])
    bins = np.searchsorted(ends, np.arange(len(hits)))
    found = np.maximum(np.cumsum(_summed(bins, unit, len(ends), weights), axis=0), 1)
    for bit in range(IOUS):
        hit = (hits >> bit) & 1 == 1
        right = np.cumsum(_summed(bins[hit], unit[hit], len(ends), weights), axis=0)
        ap[bit] = _sampled(right / np.maximum(objects, 1), right / found)
    return ap


def _sampled(recall: Any, precision: Any) -> Floats:
    """The mean of precision's envelope at recalls 0, .01 ... 1, the first of which counts half (trapezoids) and the
    last has none. Arrays (bins, draws); a sample lies in the bin in which recall rises above it."""
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    below = np.ceil(recall * SAMPLES - ROUNDING)
    below[1:] -= below[:-1].copy()
    mean: Floats = (np.einsum("bd,bd->d", envelope, below) - envelope[0] / 2) / SAMPLES
    return mean


def _ends(hits: Integers, most: int) -> Integers:
    """The last detection of each bin: a true positive at some IoU, at most so many of them, evenly chosen."""
    right = np.flatnonzero(hits)
    if len(right) <= most:
        return right
    evenly = np.linspace(0, len(right), most + 1).round().astype(np.int64)[1:] - 1
    ends: Integers = right[evenly]
    return ends


def _counted(one: _Class, weights: Weights, hit: bool) -> Any:
    """(draws,) detections that pass the confidence, only those that hit at IoU 0.5 or all."""
    unit = one.unit[: one.passing]
    if hit:
        unit = unit[one.hits[: one.passing] & 1 == 1]
    return np.bincount(unit, minlength=len(weights)).astype(np.float32) @ weights


def _summed(bins: Integers, unit: Integers, count: int, weights: Weights) -> Any:
    """(count, draws) the detections in each bin."""
    from scipy import sparse

    ones = np.ones(len(bins), np.float32)
    return sparse.csr_matrix((ones, (bins, unit)), shape=(count, len(weights))) @ weights
