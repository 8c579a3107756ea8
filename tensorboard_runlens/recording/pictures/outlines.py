"""Objects and detections as outlines in pixels of the image that they were found in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.boxes import Boxes
from tensorboard_runlens.recording.pictures.drawing import Shape

Numbers = npt.NDArray[Any]


def true_shapes(image: Boxes, names: Mapping[int, str]) -> list[Shape]:
    """Of the objects, with their class."""
    outlines = in_image(corners(image.true_boxes), image)
    points = _points(image.true_keypoints, image, len(outlines))
    return [
        Shape(outline, some, str(names[number]))
        for (outline, some, number) in zip(outlines, points, image.true_classes.tolist())
    ]


def found_shapes(image: Boxes, confidence: float, names: Mapping[int, str]) -> list[Shape]:
    """Of the detections above a confidence, the surest last and so on top, with class and confidence."""
    outlines = in_image(corners(image.boxes), image)
    points = _points(image.keypoints, image, len(outlines))
    shapes = [
        Shape(outline, some, f"{names[number]} {sure:.2f}")
        for (outline, some, number, sure) in zip(
            outlines, points, image.classes.tolist(), image.confidence.tolist()
        )
        if sure > confidence
    ]
    return shapes[::-1]


def corners(boxes: Numbers) -> Numbers:
    """(n, 4, 2) corners of upright or oriented boxes."""
    if boxes.shape[1] == 4:
        return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    (x, y, width, height, angle) = boxes.T
    along = np.stack([np.cos(angle), np.sin(angle)], 1) * width[:, None] / 2
    across = np.stack([-np.sin(angle), np.cos(angle)], 1) * height[:, None] / 2
    centre = np.stack([x, y], 1)
    sides = (-along - across, along - across, along + across, across - along)
    return np.stack([centre + side for side in sides], 1)


def in_image(points: Numbers, image: Boxes) -> Numbers:
    """Pixels of the network's input as pixels of the image, as Ultralytics scales boxes back."""
    unpadded = points - np.asarray(image.offset)
    return np.asarray(unpadded / np.asarray(image.scale))


def _points(keypoints: Optional[Numbers], image: Boxes, count: int) -> Numbers:
    return np.zeros((count, 0, 2)) if keypoints is None else in_image(keypoints, image)
