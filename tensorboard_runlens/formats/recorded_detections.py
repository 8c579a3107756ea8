"""The detections in an archive of a recording, checked against each other (docs/recorded_data.md)."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.formats.checked_arrays import CheckedArrays, Damaged
from tensorboard_runlens.recording.layout import GROUPS, IOUS
from tensorboard_runlens.run import Classified, ConfusionMatrix, Detections, Integers

MAX_IMAGES = 10_000_000
"""Images of a validation; Open Images, the largest common data set of objects, has 42,000."""

MAX_CELLS = 5_000_000
"""Cells of a confusion matrix that are not zero, at all its confidences: 500 classes that are all taken for each
other at 20 confidences."""

BITS_OF_ONE = 0x3F80_0000
"""The float32 that is 1, as an integer: those of 0 to 1 lie below and ascend with the number."""

STEPS = "detection_step"

AFTER_ALL_PAIRS = np.uint64(2**64 - 1)
"""A number that no pair of image and class has."""


def detections_in(arrays: CheckedArrays, classes: int) -> Optional[Detections]:
    """The detections of so many classes, None where there are none. Raises Damaged."""
    if STEPS not in arrays:
        return None
    images = arrays.number("images", MAX_IMAGES)
    confidence = _confidence(arrays)
    found = len(confidence)
    pairs = len(arrays.integers("truth_count", 2**32, None))
    detections = Detections(
        confidence=confidence,
        image=arrays.integers("detection_image", images, found),
        class_number=arrays.integers("detection_class", classes, found),
        hits={
            group: arrays.integers(f"{group}_hits", 1 << IOUS, found)
            for group in GROUPS
            if f"{group}_hits" in arrays
        },
        truth_image=arrays.integers("truth_image", images, pairs),
        truth_class=arrays.integers("truth_class", classes, pairs),
        truth_count=arrays.integers("truth_count", 2**32, pairs),
        images=images,
    )
    _check_truth(detections)
    return detections


def classified_in(arrays: CheckedArrays, classes: int) -> Optional[Classified]:
    """The images of a classification, None where there are none. Raises Damaged."""
    if "true_class" not in arrays:
        return None
    true = arrays.integers("true_class", classes, None)
    if len(true) > MAX_IMAGES:
        raise Damaged(f"true_class has {len(true):,} images")
    given = "top1_confidence" in arrays
    return Classified(
        top1=arrays.integers("top1_class", classes, len(true)),
        true=true,
        confidence=arrays.fractions("top1_confidence", len(true)) if given else None,
    )


def matrix_in(arrays: CheckedArrays, classes: int) -> Optional[ConfusionMatrix]:
    """The confusion of so many classes and the background, None where it was not counted. Raises Damaged."""
    if "matrix_count" not in arrays:
        return None
    confidence = arrays.ascending("matrix_confidence", None)
    cells = arrays.integers("matrix_nonzero", 2**32, None, 3)
    if len(cells) > MAX_CELLS:
        raise Damaged(f"matrix_nonzero has {len(cells):,} rows")
    limits = (len(confidence), classes + 1, classes + 1)
    if len(cells) and np.any(cells.max(0) >= np.array(limits)):
        raise Damaged("matrix_nonzero names a class or a confidence that there is not")
    _check_unique("matrix_nonzero", _joined(cells.T, limits))
    count = arrays.integers("matrix_count", 2**32, len(cells))
    if not np.all(count):
        raise Damaged("matrix_count holds a zero")
    return ConfusionMatrix(confidence, cells, count)


def _confidence(arrays: CheckedArrays) -> npt.NDArray[np.float32]:
    """Confidences are stored as the steps between their bits."""
    steps = arrays.integers(STEPS, BITS_OF_ONE + 1, None)
    if int(steps.sum(dtype=np.uint64)) > BITS_OF_ONE:
        raise Damaged(f"{STEPS} leads to a confidence above 1")
    return np.cumsum(steps, dtype=np.uint32).view(np.float32)


def _check_truth(found: Detections) -> None:
    """No pair twice, none without an instance, and an instance is hit once at most."""
    pairs = _pairs_of(found.truth_image, found.truth_class)
    _check_unique("truth_image", pairs)
    if not np.all(found.truth_count):
        raise Damaged("truth_count holds a zero")
    order = np.argsort(pairs)
    pairs = np.append(pairs[order], AFTER_ALL_PAIRS)
    instances = np.append(found.truth_count[order].astype(np.int64), 0)
    for group, hits in found.hits.items():
        rows = np.flatnonzero(hits)
        pair = _pairs_of(found.image[rows], found.class_number[rows])
        place = np.searchsorted(pairs, pair)
        most = np.where(pairs[place] == pair, instances[place], 0)
        if any(np.any(_hits_there(hits[rows], place, bit) > most) for bit in range(IOUS)):
            raise Damaged(f"{group}_hits are more of a class in an image than there are objects")


def _pairs_of(image: npt.NDArray[Any], number: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """One number for each pair of image and class."""
    return _joined((image, number), (MAX_IMAGES, 2**32))


def _hits_there(hits: npt.NDArray[Any], place: Integers, bit: int) -> Integers:
    """For each detection that hits at this IoU how many do in its place, 0 for the others."""
    hit = (hits >> bit) & 1 == 1
    return np.where(hit, np.bincount(place[hit], minlength=place.max(initial=0) + 1)[place], 0)


def _joined(columns: Any, limits: tuple[int, ...]) -> npt.NDArray[np.uint64]:
    """One number for each row; the product of the limits stays below 2**64."""
    joined = np.zeros(len(columns[0]), np.uint64)
    for column, limit in zip(columns, limits):
        joined = joined * np.uint64(limit) + column.astype(np.uint64)
    return joined


def _check_unique(name: str, rows: npt.NDArray[np.uint64]) -> None:
    ordered = np.sort(rows)
    if np.any(ordered[1:] == ordered[:-1]):
        raise Damaged(f"{name} names the same twice")
