"""The framework's own curves and its own best confidence, computed as it computes them.

Ultralytics samples precision and recall of each class at 1000 confidences, linear between detections, and
prints on its F1 picture where the mean F1 of the classes is highest after a moving average.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np

from tensorboard_runlens.recording.evidence.optimum import SMOOTHING, smoothed
from tensorboard_runlens.recording.loop import average_precision
from tensorboard_runlens.recording.loop.average_precision import EPSILON
from tensorboard_runlens.releases.evidence import release
from tensorboard_runlens.run import ClassCurves, Curves, Floats
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.objective import F1

CONFIDENCE = average_precision.CONFIDENCE
"""Where the framework samples its curves."""

RELEASE = re.compile(r"\d{1,9}(\.\d{1,9}){0,9}")

PICTURE_SMOOTHING = (
    ("ultralytics", "8.3.103", SMOOTHING),
    ("ultralytics", "8.0.0", 0.05),
    ("yolov5", "6.2", 0.05),
    ("yolov5", "6.1", None),
    ("yolov5", "1.0", 0.0),
    ("yolov7", "0.1", 0.0),
)
"""(framework, first release, width of the moving average on its F1 picture), the newest first: read in the releases,
those of Ultralytics found by bisection. The number printed on the picture is the averaged one in all of them. It came
to YOLOv5 between 6.1 and 6.2, and clones of that time count as 6.1: unknown.

The result table is another matter: precision and recall in it are stated at the optimum under SMOOTHING by all
releases of Ultralytics and by YOLOv5 from 6.2 on, and at that without an average by those before and by YOLOv7.
"""


@dataclass(frozen=True)
class FrameworkOptimum:
    """``printed`` is the F1 of the picture's legend, after the moving average; ``f1``, ``precision`` and ``recall`` are
    the means over the classes at ``confidence`` without it, as in the result table."""

    confidence: float
    printed: float
    f1: float
    precision: float
    recall: float

    @property
    def legend(self) -> str:
        """What the picture prints after "all classes"."""
        return f"{self.printed:.2f} at {self.confidence:.3f}"


def picture_smoothing(framework: str, version: str) -> Optional[float]:
    """The width of the moving average on the F1 picture of a release, 0 where there is none; None where unknown."""
    if not RELEASE.fullmatch(version):
        return None
    for name, first, width in PICTURE_SMOOTHING:
        if name == framework and release(version) >= release(first):
            return width
    return None


def framework_curves(counting: Counting) -> Curves:
    """The curves of the classes that have objects, (classes, 1000), and their means, as Ultralytics has them, bit for
    bit, where no two scores are equal: the order of those is chance there."""
    rows = np.flatnonzero(counting.present)
    (precision, recall) = (np.zeros((len(rows), len(CONFIDENCE))) for _ in range(2))
    for row, index in enumerate(rows):
        of_class = counting.rows(int(index))
        if of_class.start == of_class.stop:
            continue
        right = np.cumsum(counting.hit[of_class])
        falling = -counting.confidence[of_class].astype(np.float64)
        share = right / (counting.instances[index] + EPSILON)
        recall[row] = np.interp(-CONFIDENCE, falling, share, left=0)
        precision[row] = np.interp(
            -CONFIDENCE, falling, right / np.arange(1, len(right) + 1), left=1
        )
    f1 = F1.of_rates(precision, recall)
    of_classes = ClassCurves(counting.classes[rows], CONFIDENCE, precision, recall, f1)
    return Curves(CONFIDENCE, _mean(precision), _mean(recall), _mean(f1), of_classes)


def _mean(curves: Floats) -> Floats:
    """The mean over the classes, (1000,), 0 where there are none."""
    return np.asarray(curves.mean(0) if len(curves) else np.zeros(len(CONFIDENCE)))


def framework_optimum(
    given: Union[Counting, Curves], smoothing: float = SMOOTHING
) -> Optional[FrameworkOptimum]:
    """The framework's best confidence under a moving average of that width, a share of the curve; with 0 there is none.

    None where there is no F1 above 0.
    """
    curves = given if isinstance(given, Curves) else framework_curves(given)
    if not len(curves.f1) or not curves.f1.max() > 0:
        return None
    printed = smoothed(curves.f1, smoothing)
    best = int(printed.argmax())
    return FrameworkOptimum(
        confidence=float(curves.confidence[best]),
        printed=float(printed[best]),
        f1=float(curves.f1[best]),
        precision=float(curves.precision[best]),
        recall=float(curves.recall[best]),
    )
