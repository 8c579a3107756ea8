"""Detections sorted for counting: how many of a class pass a confidence, and how many of those are right.

A detection passes a confidence that is not above its own, as with ``conf`` of the frameworks but for
equality; where detections are equally sure all of them pass or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.run import Detections, Floats, Integers
from tensorboard_runlens.thresholds.counts.sorting import Sorted, sort_detections

IOU_FIRST = 0.5
IOU_STEP = 0.05
"""The IoU of the first bit of a hit, and between two (COCO's)."""

MAX_CLASS_NUMBER = 1_000_000
"""No data set has as many classes; a table of so many numbers is made at once."""


@dataclass(frozen=True, eq=False)
class Counting:
    """The detections of one validation by class, in each by falling confidence.

    ``classes`` (c,) are the numbers of all classes that have objects or detections, ascending, with
    ``instances`` (c,) objects. Those of class ``classes[i]`` are rows ``start[i]:start[i + 1]`` of
    ``confidence`` (d,) float32, ``hit`` (d,) bool and ``image`` (d,). Of the objects, ``truth_count`` (t,)
    are of the class of index ``truth_class`` (t,) in image ``truth_image`` (t,). Images are counted
    from 0 to ``images``. The order in which detections are given makes no difference.
    """

    classes: Integers
    instances: Integers
    start: Integers
    confidence: npt.NDArray[np.float32]
    hit: npt.NDArray[np.bool_]
    image: npt.NDArray[np.int64]
    truth_class: Integers
    truth_image: Integers
    truth_count: Integers
    images: int

    def rows(self, index: int) -> slice:
        """The rows of a class, by its index in ``classes``."""
        return slice(int(self.start[index]), int(self.start[index + 1]))

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(c,) whether a class has objects: means over the classes are over these, as in the frameworks."""
        return self.instances > 0


def counting(detections: Detections, group: str, iou: float = IOU_FIRST) -> Counting:
    """The detections of a group (box, mask, pose), true positives being those at an IoU of .5, .55 ... .95.

    Raises KeyError for a group that was not recorded, ValueError for another IoU, for confidences that are no
    fractions, and for arrays that do not belong together.
    """
    _check(detections, group)
    hit = (np.asarray(detections.hits[group]) & (1 << bit_of(iou))) != 0
    confidence = np.asarray(detections.confidence, np.float32)
    numbers = np.asarray(detections.class_number)
    truth_class = detections.truth_class.astype(np.int64)
    truth_count = detections.truth_count.astype(np.int64)
    found = _count_of(numbers)
    instances = _count_of(truth_class, truth_count)
    size = max(len(found), len(instances))
    (found, instances) = (np.pad(one, (0, size - len(one))) for one in (found, instances))
    _check_right(_count_of(numbers[hit]), instances)
    classes = np.flatnonzero((found > 0) | (instances > 0))
    return _counting(
        sort_detections(numbers, confidence, hit, detections.image),
        classes=classes,
        instances=instances[classes],
        found=found[classes],
        truth_class=np.searchsorted(classes, truth_class),
        truth_image=detections.truth_image.astype(np.int64),
        truth_count=truth_count,
        images=detections.images,
    )


def pooled(counting: Counting) -> Counting:
    """All classes as one, of number 0: what is counted over all classes together is counted in it."""
    nothing = np.zeros(len(counting.hit), np.uint8)
    return _counting(
        sort_detections(nothing, counting.confidence, counting.hit, counting.image),
        classes=np.zeros(1, np.int64),
        instances=counting.instances.sum(keepdims=True),
        found=np.array([len(counting.hit)]),
        truth_class=np.zeros_like(counting.truth_class),
        truth_image=counting.truth_image,
        truth_count=counting.truth_count,
        images=counting.images,
    )


def bit_of(iou: float) -> int:
    """The bit of a hit that stands for an IoU. Raises ValueError for one that has none."""
    bit = round((iou - IOU_FIRST) / IOU_STEP) if np.isfinite(iou) else -1
    if not 0 <= bit < IOUS or abs(IOU_FIRST + bit * IOU_STEP - iou) > 1e-9:
        raise ValueError(f"no hits are recorded at IoU {iou}")
    return bit


def counted_at(counting: Counting, confidences: Floats) -> tuple[Integers, Integers]:
    """(right, found): by class how many true positives and detections pass each confidence, (c, k) int64 each."""
    right = np.zeros((len(counting.classes), len(confidences)), np.int64)
    found = np.zeros_like(right)
    for index in range(len(counting.classes)):
        rows = counting.rows(index)
        rising = counting.confidence[rows][::-1]
        found[index] = len(rising) - np.searchsorted(rising, confidences, side="left")
        hits = np.concatenate([[0], np.cumsum(counting.hit[rows])])
        right[index] = hits[found[index]]
    return (right, found)


def _counting(rows: Sorted, found: Integers, **known: Any) -> Counting:
    start = np.concatenate([[0], np.cumsum(found)])
    return Counting(
        start=start, confidence=rows.confidence, hit=rows.hit, image=rows.image, **known
    )


def _count_of(numbers: npt.NDArray[Any], weights: Any = None) -> Integers:
    """How often each number occurs. Raises ValueError for numbers that cannot be classes."""
    if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < MAX_CLASS_NUMBER:
        raise ValueError(f"class numbers are 0 to {MAX_CLASS_NUMBER - 1:,}")
    whole = numbers.astype(np.int64, copy=False)
    return np.bincount(whole, weights).astype(np.int64)


def _check(detections: Detections, group: str) -> None:
    """Raises ValueError, so that no number is made of what cannot be."""
    confidence = detections.confidence
    if np.isnan(confidence).any():
        raise ValueError(
            "a confidence is NaN: such a detection can neither pass a threshold nor fail it"
        )
    if len(confidence) and not 0 <= confidence.min() <= confidence.max() <= 1:
        raise ValueError("a confidence is not between 0 and 1")
    of_detections = (confidence, detections.image, detections.class_number, detections.hits[group])
    of_truth = (detections.truth_image, detections.truth_class, detections.truth_count)
    for name, arrays in (("detection", of_detections), ("object", of_truth)):
        if len({one.shape for one in arrays}) > 1 or arrays[0].ndim != 1:
            raise ValueError(f"the arrays of {name}s are not all of one length")
    for image in (detections.image, detections.truth_image):
        if len(image) and not 0 <= image.min() <= image.max() < detections.images:
            raise ValueError(f"an image is none of the {detections.images:,} validated ones")
    if np.any(detections.truth_count < 0):
        raise ValueError("an image has fewer than 0 objects of a class")


def _check_right(right: Integers, instances: Integers) -> None:
    """Each object is found once at most: a recall above 1 is that of detections of other images."""
    beyond = np.flatnonzero(right > instances[: len(right)])
    if len(beyond):
        number = int(beyond[0])
        raise ValueError(
            f"class {number} has {right[number]:,} true positives of {instances[number]:,} objects"
        )
