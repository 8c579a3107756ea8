"""What a run's best.pt misses and invents on its validation images, at the confidence to deploy it with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.comparison.contender import Contender


@dataclass(frozen=True)
class Errors:
    """Objects without a detection at IoU 0.5, and detections without an object, in so many images."""

    missed: int
    false: int
    images: int
    confidence: float


def errors_of(contender: Contender) -> Optional[Errors]:
    """None where detections or the confidence are not known."""
    confidence = contender.analysis.confidence
    validation = next(iter(contender.validations), None)
    detections = validation.evidence.detections if validation else None
    group = contender.main[0] if contender.main else ""
    if confidence is None or detections is None or group not in detections.hits:
        return None
    kept = detections.confidence >= confidence
    found = int(np.count_nonzero(detections.hits[group][kept] & 1))
    objects = int(detections.truth_count.sum())
    return Errors(objects - found, int(kept.sum()) - found, detections.images, confidence)
