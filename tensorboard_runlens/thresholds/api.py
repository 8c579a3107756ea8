"""The confidence to deploy with, from detections or curves: the function for programs."""

from __future__ import annotations

from typing import Optional, Union

import numpy as np

from tensorboard_runlens.run import Curves, Detections, main_group
from tensorboard_runlens.thresholds.best.estimate import point, point_of_curves
from tensorboard_runlens.thresholds.best.exact import Average
from tensorboard_runlens.thresholds.counts.counting import IOU_FIRST, counting
from tensorboard_runlens.thresholds.objective import parse
from tensorboard_runlens.thresholds.point import OperatingPoint

AVERAGES = ("macro", "micro")

MAX_REPLICATES = 10_000
"""The ends of a range are no better known with more; a million detections take 6 s and 400 MB with as many."""


def operating_point(
    evidence: Union[Detections, Curves],
    objective: str = "f1",
    *,
    group: Optional[str] = None,
    iou: float = IOU_FIRST,
    average: Average = "macro",
    replicates: int = 1000,
    seed: int = 0,
) -> OperatingPoint:
    """The confidence to deploy a detector with, and what it gives on the validated images.

    evidence    a validation: ``run.Detections``, arrays of shape (detections,) in any order with confidences 0..1; or
                ``run.Curves``, arrays of shape (n,) over ascending confidences that are evenly spaced.
    objective   what the confidence is best for: "f1", "f0.5", "f2" (any F-beta up to 10), "precision@P" and "recall@R"
                with a fraction 0..1 that is reached surely, or "cost@A:B" with the cost of a wrong detection and of a
                missed object.
    group       which hits of the detections count: "box", "mask" or "pose"; None takes masks and keypoints
                before boxes.
    iou         from which IoU on a detection is right: .5, .55, ... .95.
    average     of F-beta: "macro" is the mean over the classes that have objects, as in the frameworks, "micro" counts
                all classes together. The other objectives always do.
    replicates  resamplings of the images (not of the detections: those of an image are alike) for the ranges, up to
                10,000; 0 leaves them out, and precision and recall are then reached by Wilson's bound alone.
    seed        of the resampling: the same one gives the same ranges.

    Returns an OperatingPoint; its confidence, F1, precision and recall are fractions. With F-beta the confidence is the
    best one after a moving average over a tenth of the curve, as Ultralytics has it, narrower for an optimum below .1;
    ``thresholds.best.exact.highest`` has the highest cut of all. ``interval`` holds the best confidence of other images
    of the kind in 95 of 100 cases, and no confidence in ``plateau`` is measurably worse. Without objects, detections
    or true positives, and where nothing reaches what was asked for, the confidence is None; curves and few images give
    no ranges: ``reason`` says why. ``source`` is "detections" or "curves".

    Raises ValueError for another objective, average, group or IoU, for numbers that are NaN, for confidences outside
    0..1, for more true positives of a class than objects and for curves that do not ascend; TypeError for evidence of
    another kind.
    """
    asked = parse(objective)
    if average not in AVERAGES:
        raise ValueError(f"{average!r} is no average: macro or micro")
    if not 0 <= replicates <= MAX_REPLICATES:
        raise ValueError(f"replicates are 0 to {MAX_REPLICATES:,}")
    if isinstance(evidence, Curves):
        _check_curves(evidence)
        return point_of_curves(evidence, asked, average)
    if not isinstance(evidence, Detections):
        raise TypeError(f"Detections or Curves are needed, not {type(evidence).__name__}")
    counted = counting(evidence, _group_of(evidence, group), iou)
    if not replicates:
        return point(counted, asked, average)
    from tensorboard_runlens.thresholds.uncertainty.ranges import with_ranges

    return with_ranges(counted, asked, average, replicates, seed).point


def _group_of(detections: Detections, group: Optional[str]) -> str:
    chosen = main_group(detections.hits) if group is None else group
    if chosen is None or chosen not in detections.hits:
        there = ", ".join(sorted(detections.hits)) or "none"
        raise ValueError(
            f"no detections of {chosen or 'any group'} are recorded; there are: {there}"
        )
    return chosen


def _check_curves(curves: Curves) -> None:
    points = len(curves.confidence)
    for name in ("confidence", "precision", "recall", "f1"):
        values = getattr(curves, name)
        if np.isnan(values).any():
            raise ValueError(f"{name} holds NaN: a curve needs a number at each confidence")
        if values.shape != (points,):
            raise ValueError(f"{name} has not one number for each confidence")
        if np.any((values < 0) | (values > 1)):
            raise ValueError(f"{name} is not between 0 and 1 everywhere")
    if not points or np.any(np.diff(curves.confidence) <= 0):
        raise ValueError("confidence does not ascend")
