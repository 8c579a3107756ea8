"""Detections sorted for counting: how many of a class pass a confidence, and how many of those are right.

A detection passes a confidence that is not above its own, as with ``conf`` of the frameworks but for
equality; where detections are equally sure all of them pass or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.run import Detections, Floats, Integers

IOU_FIRST = 0.5
IOU_STEP = 0.05
"""The IoU of the first bit of a hit, and between two (COCO's)."""


@dataclass(frozen=True, eq=False)
class Counting:
    """The detections of one validation by class, in each by falling confidence.

    ``classes`` (c,) are the numbers of all classes that have objects or detections, ascending, with
    ``instances`` (c,) objects. Those of class ``classes[i]`` are rows ``start[i]:start[i + 1]`` of
    ``confidence`` (d,) float32, ``hit`` (d,) bool and ``image`` (d,). Of the objects, ``truth_count`` (t,)
    are of the class of index ``truth_class`` (t,) in image ``truth_image`` (t,). Images are counted
    from 0 to ``images``.
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

    Raises KeyError for a group that was not recorded, ValueError for another IoU and for confidences that
    are no numbers.
    """
    hits = detections.hits[group]
    confidence = np.asarray(detections.confidence, np.float32)
    if np.isnan(confidence).any():
        raise ValueError(
            "a confidence is NaN: such a detection can neither pass a threshold nor fail it"
        )
    order = _by_class(detections.class_number, confidence)
    numbers = np.asarray(detections.class_number, np.int64)
    classes = np.union1d(detections.truth_class.astype(np.int64), numbers)
    found = np.bincount(np.searchsorted(classes, numbers), minlength=len(classes))
    truth_class = np.searchsorted(classes, detections.truth_class)
    truth_count = detections.truth_count.astype(np.int64)
    return Counting(
        classes=classes,
        instances=np.bincount(truth_class, truth_count, len(classes)).astype(np.int64),
        start=np.concatenate([[0], np.cumsum(found)]),
        confidence=confidence[order],
        hit=((hits >> bit_of(iou)) & 1).astype(bool)[order],
        image=np.asarray(detections.image, np.int64)[order],
        truth_class=truth_class,
        truth_image=detections.truth_image.astype(np.int64),
        truth_count=truth_count,
        images=detections.images,
    )


def bit_of(iou: float) -> int:
    """The bit of a hit that stands for an IoU. Raises ValueError for one that has none."""
    bit = round((iou - IOU_FIRST) / IOU_STEP)
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
        passing = len(rising) - np.searchsorted(rising, confidences, side="left")
        hits = np.concatenate([[0], np.cumsum(counting.hit[rows])])
        (found[index], right[index]) = (passing, hits[passing])
    return (right, found)


def _by_class(numbers: Integers, confidence: npt.NDArray[np.float32]) -> Integers:
    """The order of class, then falling confidence. Numbers of 16 bits and less are sorted by radix, which is fast."""
    falling = np.argsort(-confidence, kind="stable")
    small = numbers.astype(np.uint16) if numbers.max(initial=0) < 2**16 else numbers
    return falling[np.argsort(small[falling], kind="stable")]
