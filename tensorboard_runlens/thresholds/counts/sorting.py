"""Detections by class, then falling confidence, as fast as numbers can be sorted.

What is known of a detection fits into one integer of 64 bits, so that the integers themselves are sorted:
an order to be followed afterwards would cost several times as much. Detections that are equally sure
stand in an order of their own, so that the order in which they are given makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

KEY_BITS = 64
HIT_BITS = 1
CONFIDENCE_BITS = 30
ONE = 0x3F80_0000
"""The float32 that is 1, as an integer of 30 bits: those of 0 to 1 lie below and ascend with the number."""


@dataclass(frozen=True, eq=False)
class Sorted:
    """Arrays (d,): by class, then falling confidence; of equally sure detections wrong ones first, then by image."""

    confidence: npt.NDArray[np.float32]
    hit: npt.NDArray[np.bool_]
    image: npt.NDArray[np.int64]


def sort_detections(
    class_number: npt.NDArray[Any],
    confidence: npt.NDArray[np.float32],
    hit: npt.NDArray[np.bool_],
    image: npt.NDArray[Any],
) -> Sorted:
    """Detections (d,), classes and images being numbers from 0 on and confidences 0 to 1."""
    image_bits = int(image.max(initial=0)).bit_length()
    class_bits = int(class_number.max(initial=0)).bit_length()
    if class_bits + CONFIDENCE_BITS + HIT_BITS + image_bits > KEY_BITS:
        return _by_order(class_number, confidence, hit, image)
    keys = class_number.astype(np.uint64)
    keys <<= np.uint64(CONFIDENCE_BITS)
    keys |= np.uint32(ONE) - (confidence + np.float32(0)).view(np.uint32)
    keys <<= np.uint64(HIT_BITS)
    keys |= hit.view(np.uint8)
    keys <<= np.uint64(image_bits)
    keys |= image.astype(np.uint64, copy=False)
    keys.sort()
    return _unpacked(keys, image_bits)


def _unpacked(keys: npt.NDArray[np.uint64], image_bits: int) -> Sorted:
    image = (keys & np.uint64((1 << image_bits) - 1)).view(np.int64)
    keys >>= np.uint64(image_bits)
    low = keys.astype(np.uint32)
    hit = (low & np.uint32(1)).astype(bool)
    keys >>= np.uint64(HIT_BITS)
    low = keys.astype(np.uint32)
    low &= np.uint32((1 << CONFIDENCE_BITS) - 1)
    return Sorted((np.uint32(ONE) - low).view(np.float32), hit, image)


def _by_order(class_number: Any, confidence: Any, hit: Any, image: Any) -> Sorted:
    """For numbers too large for a key."""
    order = np.lexsort((image, hit, -confidence, class_number))
    return Sorted(confidence[order], hit[order], image[order].astype(np.int64))
