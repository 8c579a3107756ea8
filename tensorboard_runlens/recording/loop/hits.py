"""Which detections of an image hit an object, at ten IoU thresholds, as Ultralytics decides from 8.4.176 on.

At each threshold by itself, the most confident detection first claims the object of its class that
it overlaps most and that is still free.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.run import Floats, Integers

THRESHOLDS = np.linspace(0.5, 0.95, IOUS)

EPSILON = 1e-7
"""Keeps the IoU of two boxes without area at 0; the framework's own number."""

Hits = npt.NDArray[np.bool_]


def hits(
    boxes: Floats, scores: Floats, classes: Integers, true_boxes: Floats, true_classes: Integers
) -> Hits:
    """(n, IOUS): whether a detection hits. Boxes are (n, 4) x1, y1, x2, y2; scores and classes (n,)."""
    found = np.zeros((len(boxes), IOUS), np.bool_)
    if not len(boxes) or not len(true_boxes):
        return found
    overlaps = iou(true_boxes, boxes) * (true_classes[:, None] == classes)
    taken = np.zeros((len(true_boxes), IOUS), np.bool_)
    every = np.arange(IOUS)
    order = np.argsort(-scores, kind="stable")
    for one in order[(overlaps >= THRESHOLDS[0]).any(0)[order]]:
        free = np.where(taken, 0, overlaps[:, one, None])
        best = free.argmax(0)
        found[one] = free[best, every] >= THRESHOLDS
        taken[best, every] |= found[one]
    return found


def iou(first: Floats, second: Floats) -> Floats:
    """(len(first), len(second)) intersection over union."""
    low = np.maximum(first[:, None, :2], second[:, :2])
    high = np.minimum(first[:, None, 2:], second[:, 2:])
    shared = (high - low).clip(0).prod(2)
    (areas, others) = ((one[:, 2:] - one[:, :2]).prod(1) for one in (first, second))
    overlap: Floats = shared / (areas[:, None] + others - shared + EPSILON)
    return overlap
