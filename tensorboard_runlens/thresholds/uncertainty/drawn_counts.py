"""What would have been counted on other images of the same kind: the validated images drawn anew.

Detections of one image share its light, its crowd, its annotator: they are right and wrong together, and an
interval from detections drawn one by one is far too narrow. So images are drawn, with all that is on them. A
draw is how often each image came up; what passes each confidence in all draws at once is a sparse matrix
(confidences x images) times those numbers, and no detection is sorted again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.resampling import draws, unit_of, units_of
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.objective import Objective

Draws = npt.NDArray[np.uint16]
Singles = npt.NDArray[np.float32]
"""Counts, exact to 16 million, and values: half the size of doubles, which is half the time."""

TINY = np.float32(1e-30)
"""Instead of no objects: 0 true positives divided by it are 0."""

LARGEST = 2**16 - 1
"""Sums of 16 bits are four times as fast as floats; a class with more between two confidences has 32."""


@dataclass(frozen=True, eq=False)
class Resampled:
    """``draws`` (units, draws): how often each unit of images is in each draw; the first draw is the validation itself.
    ``unit`` (images,) is the unit of each image: of few images each is one."""

    draws: Draws
    unit: Integers


@dataclass(frozen=True, eq=False)
class Passed:
    """What of one class passes each confidence of a grid in each draw; confidences that let the same pass share a row.

    ``right`` and ``found`` are (rows, draws); confidence j of the grid has row ``place[j]``.
    """

    right: Singles
    found: Singles
    place: Integers


def resampled(images: int, replicates: int, seed: int) -> Resampled:
    """The validation and ``replicates`` draws of as many images, the same ones for the same seed."""
    units = units_of(images)
    drawn = draws(units, replicates, seed) if units else np.zeros((replicates, 0))
    both = np.concatenate([np.ones((1, units)), drawn])
    return Resampled(np.ascontiguousarray(both.T.astype(np.uint16)), unit_of(images))


def left_out(images: Resampled) -> Resampled:
    """Each draw made of the images that it lacks, once each: those on which what was chosen from it is judged."""
    return Resampled((images.draws == 0).astype(np.uint16), images.unit)


def passed(counting: Counting, index: int, grid: Floats, images: Resampled) -> Passed:
    """The counts of the class of an index at confidences ``grid`` (k,) in each of the draws."""
    rows = counting.rows(index)
    (unit, hit) = (images.unit[counting.image[rows]], counting.hit[rows])
    rising = counting.confidence[rows][::-1]
    passing = len(rising) - np.searchsorted(rising, grid, side="left")
    (ends, place) = np.unique(passing, return_inverse=True)
    hits = np.concatenate([[0], np.cumsum(hit)])
    return Passed(
        right=_running(unit[hit], hits[ends], images.draws),
        found=_running(unit, ends, images.draws),
        place=place,
    )


def objects(counting: Counting, images: Resampled) -> Singles:
    """(c, draws) the objects of each class in each of the draws."""
    from scipy import sparse

    cells = (counting.truth_class, images.unit[counting.truth_image])
    shape = (len(counting.classes), len(images.draws))
    count = sparse.csr_matrix((counting.truth_count.astype(np.float32), cells), shape=shape)
    return np.asarray(count @ images.draws.astype(np.float32), np.float32)


def values(objective: Objective, right: Singles, found: Singles, objects: Singles) -> Singles:
    """The objective, (rows, draws) or (draws,); 0 where F-beta has nothing to divide by.

    What ``Objective.of_counts`` gives, in single precision and without copies: most of the time of all draws is here.
    """
    if objective.kind != "f":
        return objective.of_counts(right, found, objects).astype(np.float32)
    square = np.float32(objective.parameters[0] ** 2)
    value: Singles = found + np.maximum(square * objects, TINY)
    np.divide(right, value, out=value)
    value *= 1 + square
    return value


def _running(unit: Integers, ends: Integers, draws: Draws) -> Singles:
    """(ends, draws) how many of the first ``ends[i]`` detections, which lie in ``unit`` (d,), each draw has."""
    from scipy import sparse

    starts = np.concatenate([[0], ends])
    most = int(np.diff(starts).max()) * int(draws.max(initial=0))
    weights = draws if most <= LARGEST else draws.astype(np.int32)
    ones = np.ones(starts[-1], weights.dtype)
    rows = sparse.csr_matrix((ones, unit[: starts[-1]], starts), shape=(len(ends), len(draws)))
    counts: Singles = (rows @ weights).astype(np.float32)
    for row in range(1, len(counts)):
        np.add(counts[row], counts[row - 1], out=counts[row])
    return counts
