"""Pictures of the validation images on which best.pt is wrong most often."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.boxes import Boxes
from tensorboard_runlens.recording.evidence.matching import Matched
from tensorboard_runlens.recording.layout import MAX_WORST
from tensorboard_runlens.recording.pictures.drawing import drawn
from tensorboard_runlens.recording.pictures.outlines import found_shapes, true_shapes
from tensorboard_runlens.recording.pictures.worst import stored

DEFAULT_CONFIDENCE = 0.25
"""Where F1 has no best confidence: Ultralytics' own default for detections."""

MAX_DRAWN = 50
"""Most confident detections of an image, and objects, that are kept to be drawn: more hide the image. So an image
takes less memory here than the framework's own flags and numbers of its detections, up to 300."""

MAX_TRIED = 4 * MAX_WORST
"""Images that are opened: not thousands of them where PIL can read none."""


@dataclass(frozen=True)
class Candidate:
    """What is kept of an image until the confidence is known: of all its detections how sure (d,) and whether
    right (d,), of the most confident ones and of some objects where they lie."""

    image: Boxes
    objects: int
    confidence: npt.NDArray[Any]
    right: npt.NDArray[np.bool_]

    def missed(self, confidence: float) -> int:
        """Objects that no detection of their class above this confidence stands for."""
        return self.objects - int((self.right & (self.confidence > confidence)).sum())

    def false(self, confidence: float) -> int:
        """Detections above this confidence that stand for no object of their class."""
        return int((~self.right & (self.confidence > confidence)).sum())


class WorstImages:
    """Ranked by missed objects and false detections at the confidence of the best F1."""

    name = "worst images"

    def __init__(self, tracking: Any) -> None:
        self._store = tracking.store
        self._candidates: Optional[list[Candidate]] = None

    def validating(self, validator: Any) -> None:
        """Only best.pt's images are wanted."""
        self._candidates = None if validator.training else []

    def matched(self, image: Matched) -> None:
        """Another image."""
        if self._candidates is not None:
            self._candidates.append(candidate(image))

    def final(self, validator: Any) -> dict[str, Any]:
        """Draws the worst; nothing where another process validated some of the images."""
        (candidates, self._candidates) = (self._candidates, None)
        if not candidates or len(candidates) != validator.seen:
            return {}
        confidence = best_confidence(validator.metrics)
        pictures = drawable(ranked(candidates, confidence), confidence, validator.data["names"])
        told = ((described(one, confidence), picture) for (one, picture) in pictures)
        return {"worst": stored(self._store, told)}


def candidate(matched: Matched) -> Candidate:
    """The image without what is only needed to compare."""
    image = matched.image
    first = np.argsort(-image.confidence, kind="stable")[:MAX_DRAWN]
    (points, true_points) = (image.keypoints, image.true_keypoints)
    kept = replace(
        image,
        true_classes=image.true_classes[:MAX_DRAWN].copy(),
        true_boxes=image.true_boxes[:MAX_DRAWN].copy(),
        true_keypoints=None if true_points is None else true_points[:MAX_DRAWN].copy(),
        classes=image.classes[first],
        confidence=image.confidence[first],
        boxes=image.boxes[first],
        keypoints=None if points is None else points[first],
        overlap=np.zeros((0, 0)),
    )
    return Candidate(kept, len(image.true_classes), image.confidence, matched.right)


def best_confidence(metrics: Any) -> float:
    """Where the boxes' mean F1 is highest in this very validation. Unlike the framework's optimum it is not looked for
    on a smoothed curve, which for a model that is hardly trained is best at 0, with hundreds of detections an image."""
    curves = np.asarray(getattr(metrics.box, "f1_curve", ()), np.float64)
    if curves.ndim != 2 or not curves.size or not curves.max() > 0:
        return DEFAULT_CONFIDENCE
    return float(metrics.box.px[curves.mean(0).argmax()])


def ranked(candidates: Sequence[Candidate], confidence: float) -> list[Candidate]:
    """Those with errors, most errors first; of equals those that miss more, then in order of validation."""
    counted = [(one.missed(confidence), one.false(confidence), one) for one in candidates]
    wrong = [entry for entry in counted if entry[0] + entry[1]]
    wrong.sort(key=lambda entry: (-entry[0] - entry[1], -entry[0]))
    return [one for (_, _, one) in wrong]


def drawable(
    candidates: Sequence[Candidate], confidence: float, names: Mapping[int, str]
) -> Iterator[tuple[Candidate, bytes]]:
    """With their pictures; what PIL cannot read is left out."""
    for one in candidates[:MAX_TRIED]:
        truth = true_shapes(one.image, names)
        found = found_shapes(one.image, confidence, names)
        try:
            picture = drawn(one.image.file, one.image.size, truth, found)
        except Exception:  # PIL's readers raise what they like
            continue
        yield one, picture


def described(one: Candidate, confidence: float) -> dict[str, Any]:
    """The fields of final.json."""
    return {
        "image": os.path.basename(one.image.file),
        "missed": one.missed(confidence),
        "false": one.false(confidence),
        "confidence": confidence,
    }
