"""The detections of one validation, image by image, as a training loop hands them over."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.evidence.detections import Detections
from tensorboard_runlens.recording.loop.average_precision import Curves, curves
from tensorboard_runlens.recording.loop.hits import Hits, hits
from tensorboard_runlens.recording.loop.values import array
from tensorboard_runlens.run import Floats, Integers


class Detected:
    """Lists with an array for each image: ``hits`` (n, IOUS), ``confidence`` and ``detected`` class (n,), ``true``
    class (objects,)."""

    def __init__(self) -> None:
        self.hits: list[Hits] = []
        self.confidence: list[Floats] = []
        self.detected: list[Integers] = []
        self.true: list[Integers] = []

    def add(
        self, boxes: Any, scores: Any, classes: Any, true_boxes: Any, true_classes: Any
    ) -> None:
        """Takes one image; see ``Recorder.log_detections``. Raises ValueError for what does not fit together."""
        found = _boxes("boxes", boxes)
        found[:, 2:] = np.maximum(
            found[:, 2:], found[:, :2]
        )  # untrained models turn some inside out
        there = _boxes("true_boxes", true_boxes)
        if not (there[:, 2:] >= there[:, :2]).all():
            raise ValueError("true_boxes have to be x1, y1, x2, y2 with x2 >= x1 and y2 >= y1")
        confidence = _one_each("scores", scores, found).astype(np.float32)
        detected = _one_each("classes", classes, found).astype(np.int64)
        true = _one_each("true_classes", true_classes, there).astype(np.int64)
        if confidence.size and not (confidence.min() >= 0 and confidence.max() <= 1):
            raise ValueError("scores have to be confidences from 0 to 1")
        if min(detected.min(initial=0), true.min(initial=0)) < 0:
            raise ValueError("class numbers begin with 0")
        self.hits.append(hits(found, confidence, detected, there, true))
        self.confidence.append(confidence)
        self.detected.append(detected)
        self.true.append(true)

    def curves(self) -> Optional[Curves]:
        """None where no image held an object."""
        if not any(map(len, self.true)):
            return None
        return curves(
            np.concatenate(self.hits),
            np.concatenate(self.confidence),
            np.concatenate(self.detected),
            np.concatenate(self.true),
        )

    def all(self) -> Detections:
        """As they are recorded: images are numbered in order of the calls."""
        images = np.arange(len(self.true))
        return Detections(
            confidence=np.concatenate(self.confidence),
            image=images.repeat([len(found) for found in self.detected]),
            classes=np.concatenate(self.detected),
            hits={"box": np.concatenate(self.hits)},
            truth_image=images.repeat([len(true) for true in self.true]),
            truth_class=np.concatenate(self.true),
            images=len(images),
        )

    def images_with(self, classes: Integers) -> Integers:
        """How many images hold an object of each class."""
        present = np.concatenate([np.unique(true) for true in self.true])
        return np.array([(present == number).sum() for number in classes], np.int64)


def _boxes(name: str, values: Any) -> Floats:
    """(n, 4) x1, y1, x2, y2."""
    found = array(values).astype(np.float64)
    found = found.reshape(0, 4) if not found.size else found
    if found.ndim != 2 or found.shape[1] != 4:
        raise ValueError(f"{name} have to be (n, 4), not {found.shape}")
    corners: Floats = found
    return corners


def _one_each(name: str, values: Any, boxes: Floats) -> Any:
    found = array(values).reshape(-1)
    if len(found) != len(boxes):
        raise ValueError(f"{len(found)} {name} for {len(boxes)} boxes")
    return found
