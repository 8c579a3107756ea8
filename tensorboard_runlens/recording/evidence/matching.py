"""Which detection stands for which object, whatever their classes.

The detections choose in order of their confidence: each claims the free object that it overlaps most,
if that is enough. A threshold takes away the last to choose and so leaves all other choices as they
are: one pass serves every threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.boxes import Boxes

Numbers = npt.NDArray[Any]

NO_OBJECT = -1


@dataclass(frozen=True)
class Matched:
    """A validated image and the object (d,) that each of its detections claims, NO_OBJECT where it claims none."""

    image: Boxes
    claimed: npt.NDArray[np.int64]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether a detection (d,) claims an object of its own class."""
        right: npt.NDArray[np.bool_] = self.claimed != NO_OBJECT
        right[right] = self.image.true_classes[self.claimed[right]] == self.image.classes[right]
        return right


def claims(overlap: Numbers, confidence: Numbers, least: float) -> npt.NDArray[np.int64]:
    """The object that each detection claims by an IoU above ``least``; ``overlap`` is (objects, detections)."""
    claimed = np.full(len(confidence), NO_OBJECT)
    hopeful = np.flatnonzero((overlap > least).any(0))
    free = np.ones(len(overlap), bool)
    for detection in hopeful[np.argsort(-confidence[hopeful], kind="stable")]:
        left = np.where(free, overlap[:, detection], 0)
        best = left.argmax()
        if left[best] > least:
            claimed[detection] = best
            free[best] = False
    return claimed
