"""From hits of detections to curves over confidence and average precision, as Ultralytics computes them (>= 8.4.37).

A detection cannot hit a class that no validated image holds: such classes are left out, and what was
detected of them counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.recording.evidence.optimum import f1_optimum
from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.recording.loop.hits import Hits
from tensorboard_runlens.run import Floats, Integers

CONFIDENCE = np.linspace(0, 1, 1000)
"""Where the framework samples its curves."""

RECALL = np.linspace(0, 1, 101)
"""Where precision is asked for average precision, as COCO does."""

EPSILON = 1e-16
"""Keeps 0/0 at 0; the framework's own number, so that results are the same."""


@dataclass(frozen=True)
class Curves:
    """Row i is of class ``classes[i]``, which has ``instances[i]`` objects. ``ap`` is (classes, IOUS), the others
    are (classes, 1000) over CONFIDENCE, at IoU 0.5."""

    classes: Integers
    instances: Integers
    ap: Floats
    precision: Floats
    recall: Floats
    f1: Floats

    @property
    def optimum(self) -> Optional[dict[str, float]]:
        """``confidence`` where the smoothed mean F1 is highest, and ``f1`` there; None where nothing was hit."""
        return f1_optimum(CONFIDENCE, self.f1)

    def stated(self) -> dict[str, Floats]:
        """The metrics of each class, at the confidence that the framework states them at: (classes,) each."""
        best = self.optimum
        at = int(np.searchsorted(CONFIDENCE, best["confidence"])) if best else 0
        return {
            "precision": self.precision[:, at],
            "recall": self.recall[:, at],
            "f1": self.f1[:, at],
            "ap50": self.ap[:, 0],
            "ap50_95": self.ap.mean(1),
        }


def curves(hits: Hits, confidence: Floats, detected: Integers, true: Integers) -> Curves:
    """``hits`` (n, IOUS), ``confidence`` and ``detected`` class (n,) of all detections, ``true`` class of all objects
    of all validated images."""
    order = np.argsort(-confidence, kind="stable")
    (hits, confidence, detected) = (hits[order], confidence[order], detected[order])
    (classes, instances) = np.unique(true, return_counts=True)
    ap = np.zeros((len(classes), IOUS))
    (precision, recall) = (np.zeros((len(classes), len(CONFIDENCE))) for _ in range(2))
    for row, (number, count) in enumerate(zip(classes, instances)):
        own = detected == number
        if own.any():
            found = hits[own].cumsum(0)
            share = found / (count + EPSILON)
            right = found / np.arange(1, len(found) + 1)[:, None]
            recall[row] = np.interp(-CONFIDENCE, -confidence[own], share[:, 0], left=0)
            precision[row] = np.interp(-CONFIDENCE, -confidence[own], right[:, 0], left=1)
            ap[row] = [_average(share[:, iou], right[:, iou]) for iou in range(IOUS)]
    f1 = 2 * precision * recall / (precision + recall + EPSILON)
    return Curves(classes, instances, ap, precision, recall, f1)


def _average(recall: Floats, precision: Floats) -> float:
    """The area under the envelope of precision over recall, which falls to 0 where the recall ends."""
    recall = np.concatenate([[0.0], recall, [recall[-1], 1.0]])
    precision = np.concatenate([[1.0], precision, [0.0, 0.0]])
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    heights = np.interp(RECALL, recall, envelope)
    return float(((heights[1:] + heights[:-1]) / 2 * np.diff(RECALL)).sum())
