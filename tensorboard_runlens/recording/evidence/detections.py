"""The detections of a validation as a few small arrays, from which every curve can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Detections:
    """What a validation found, and what was there.

    A row a detection: ``confidence`` (d,), ``image`` (d,), ``classes`` (d,), and for each group of
    metrics (box, mask, pose) ``hits`` (d, 10), whether it is a true positive at IoU 0.5, 0.55, ... 0.95.
    A row an object: ``truth_image``, ``truth_class`` (t,). Images are counted from 0 to ``images``.
    """

    confidence: npt.NDArray[Any]
    image: npt.NDArray[Any]
    classes: npt.NDArray[Any]
    hits: Mapping[str, npt.NDArray[Any]]
    truth_image: npt.NDArray[Any]
    truth_class: npt.NDArray[Any]
    images: int


def encoded(found: Detections) -> Arrays:
    """The arrays of the recording's archives (docs/recorded_data.md). Raises ValueError for other than ten hits.

    Detections are sorted by their confidence's bits, whose differences are small; adding them up
    gives every confidence back as it was, also a negative or a NaN.
    """
    bits = np.asarray(found.confidence, np.float32).view(np.uint32)
    order = np.argsort(bits, kind="stable")
    hits = {f"{group}_hits": packed(flags)[order] for (group, flags) in found.hits.items()}
    return {
        "detection_step": np.diff(bits[order], prepend=np.uint32(0)),
        "detection_image": smallest(found.image, (np.uint16, np.uint32))[order],
        "detection_class": smallest(found.classes, (np.uint8, np.uint16, np.int32))[order],
        **hits,
        **_truth(found),
        "images": np.asarray(found.images, np.int64),
    }


def packed(flags: npt.NDArray[Any]) -> npt.NDArray[np.uint16]:
    """(d, 10) flags as one number each: bit k is the k-th flag."""
    if flags.shape[1:] != (IOUS,):
        raise ValueError(f"{flags.shape} hits are not {IOUS} a detection")
    two_bytes = np.packbits(np.asarray(flags, bool), axis=1, bitorder="little")
    return two_bytes.view("<u2")[:, 0].astype(np.uint16, copy=False)


def smallest(numbers: npt.NDArray[Any], types: tuple[Any, ...]) -> npt.NDArray[Any]:
    """Whole numbers in the first of the types that holds them all. Raises ValueError where none does."""
    (low, high) = (numbers.min(), numbers.max()) if numbers.size else (0, 0)
    for one in types:
        if np.iinfo(one).min <= low and high <= np.iinfo(one).max:
            return numbers.astype(one)
    raise ValueError(f"numbers from {low} to {high}")


def _truth(found: Detections) -> Arrays:
    """How many objects of a class an image has, for all that it has some of."""
    classes = int(found.truth_class.max(initial=0)) + 1
    pair = found.truth_image.astype(np.int64) * classes + found.truth_class.astype(np.int64)
    (unique, count) = np.unique(pair, return_counts=True)
    unsigned = (np.uint8, np.uint16, np.uint32)
    return {
        "truth_image": smallest(unique // classes, unsigned),
        "truth_class": smallest(unique % classes, unsigned),
        "truth_count": smallest(count, unsigned),
    }
