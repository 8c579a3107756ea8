"""The confidence to deploy with, as RunLens estimates it.

The very best cut of one validation is best by luck: on other images a smoothed curve leads to better ones
(regret in F1 at 300 images .0007 against .0014). The framework's moving average over a tenth of the curve does
that, but drags an optimum near 0 upwards (.065 to .079): there the average is narrower.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.recording.evidence.optimum import SMOOTHING, smoothed
from tensorboard_runlens.run import Curves, Floats
from tensorboard_runlens.statistics.proportion import lower_bound
from tensorboard_runlens.thresholds.best.exact import ROUNDING, Average
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE, framework_curves
from tensorboard_runlens.thresholds.best.surely import not_reached, surely
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at, pooled
from tensorboard_runlens.thresholds.counts.passing import passing
from tensorboard_runlens.thresholds.objective import F1, Objective, precision_of, recall_of
from tensorboard_runlens.thresholds.point import OperatingPoint

REACH = 0.5
"""The moving average reaches no further down than this share of the optimum that it finds. On made-up detectors with an
optimum of .04 to .11 and 300 images it lost .0005 to .0007 of F1, .25 up to .001, the framework's average up to .004;
with 50 images it lost as much as the others, within .001."""

COST_SMOOTHING = 0.05
"""Costs rise like a wall where wrong detections begin, which a wide average keeps away from: on the same detectors,
where a missed object costs 5 times as much as a wrong detection, .05 lost a third less than no average with 300 images,
and a tenth 2 to 4 times as much as none."""


def widest(objective: Objective) -> float:
    """The width of the moving average, a share of the curve, where nothing makes it narrower."""
    return COST_SMOOTHING if objective.kind == "cost" else SMOOTHING


def best_by_estimate(curve: Floats, confidence: Floats, width: float = SMOOTHING) -> int:
    """The index of the best point of a curve (n,) over evenly spaced, ascending ``confidence`` (n,).

    It is the framework's own, highest after a moving average over a tenth of the curve, ``width``, unless it lies below
    a tenth: then the average is made narrower until it reaches down to half of the optimum, or less far.
    """
    while True:
        best = _middle_of_best(smoothed(curve, width))
        allowed = 2 * REACH * (float(confidence[best]) - float(confidence[0]))
        span = float(confidence[-1]) - float(confidence[0])
        if width * span <= allowed or round(len(curve) * width) <= 1:
            return best
        width = min(allowed / span, width / 2)


def _middle_of_best(curve: Floats) -> int:
    """The middle of the stretch that is as high as the first of the highest points: a stretch where no detection
    begins or ceases to pass."""
    first = int(curve.argmax())
    lower = np.flatnonzero(curve[first:] < curve[first] - ROUNDING)
    stretch = int(lower[0]) if len(lower) else len(curve) - first
    return first + (stretch - 1) // 2


def objective_curve(counting: Counting, objective: Objective, average: Average) -> Floats:
    """(1000,) the objective at the framework's confidences: F-beta of precision and recall that are linear between
    detections, other objectives as counted."""
    if objective.kind != "f":
        (right, found) = (one.sum(0) for one in counted_at(counting, CONFIDENCE))
        return objective.of_counts(right, found, counting.instances.sum())
    curves = framework_curves(counting if average == "macro" else pooled(counting))
    return _mean_objective(curves, objective)


def point(counting: Counting, objective: Objective, average: Average = "macro") -> OperatingPoint:
    """The operating point without its interval.

    ``f1``, ``precision`` and ``recall`` are counted at its confidence: means over the classes, or in all classes
    together with "micro" and objectives other than F-beta. Precision and recall are asked for by Wilson's bound.
    """
    why = _nothing_to_choose(counting)
    if why:
        return OperatingPoint(source="detections", reason=why)
    if objective.kind in ("precision", "recall"):
        return point_by_bound(
            counting, objective, CONFIDENCE, bounds_of(counting, objective, CONFIDENCE)
        )
    curve = objective_curve(counting, objective, average)
    best = best_by_estimate(curve, CONFIDENCE, widest(objective))
    if objective.kind == "cost" and curve[best] <= objective.of_counts(
        0, 0, counting.instances.sum()
    ):
        return OperatingPoint(
            source="detections", reason="at these costs it is cheapest to let no detection pass"
        )
    return counted_point(counting, float(CONFIDENCE[best]), objective, average)


def bounds_of(counting: Counting, objective: Objective, confidence: Floats) -> Floats:
    """(k,) Wilson's lower bound of the precision or the recall that is asked for, in all classes together."""
    (right, found) = (one.sum(0) for one in counted_at(counting, confidence))
    whole = (
        found if objective.kind == "precision" else np.full_like(right, counting.instances.sum())
    )
    return lower_bound(right, whole)


def point_by_bound(
    counting: Counting, objective: Objective, confidence: Floats, lower: Floats
) -> OperatingPoint:
    """Where ``lower`` (k,), the bound of precision or recall at each ``confidence``, reaches what is asked for."""
    chosen = surely(objective, lower)
    if chosen is None:
        return OperatingPoint(source="detections", reason=not_reached(objective, lower, confidence))
    return counted_point(counting, float(confidence[chosen]), objective, "micro")


def counted_point(
    counting: Counting, confidence: float, objective: Objective, average: Average
) -> OperatingPoint:
    """What passes a confidence, counted."""
    at = passing(counting, confidence)
    (f1, precision, recall) = (at.f1, at.precision, at.recall)
    if average == "micro" or objective.kind != "f":
        precision = float(precision_of(at.right, at.found))
        recall = float(recall_of(at.right, at.instances))
        f1 = float(F1.of_counts(at.right, at.found, at.instances))
    return OperatingPoint(confidence, f1, precision, recall, source="detections", status="exact")


def point_of_curves(
    curves: Curves, objective: Objective, average: Average = "macro"
) -> OperatingPoint:
    """The operating point where only curves of the means are known: F-beta of "macro" only, else a reason.

    F-beta other than F1 is a mean over the classes where curves of classes are known, else it is that of the means.
    """
    why = _not_from_curves(curves, objective, average)
    if why:
        return OperatingPoint(source="curves", reason=why)
    (confidence, curve) = _curve_of(curves, objective)
    best = float(confidence[best_by_estimate(curve, confidence)])
    at = curves.nearest(best)
    return OperatingPoint(
        confidence=best,
        f1=float(curves.f1[at]),
        precision=float(curves.precision[at]),
        recall=float(curves.recall[at]),
        source="curves",
        status="exact"
        if confidence is curves.confidence and objective.name == "f1"
        else "approximate",
    )


def _curve_of(curves: Curves, objective: Objective) -> tuple[Floats, Floats]:
    """(confidence, objective)."""
    if objective.name == "f1":
        return (curves.confidence, curves.f1)
    if curves.classes is not None and len(curves.classes.numbers):
        return (curves.classes.confidence, _mean_objective(curves, objective))
    return (curves.confidence, objective.of_rates(curves.precision, curves.recall))


def _mean_objective(curves: Curves, objective: Objective) -> Floats:
    if curves.classes is None or objective.name == "f1":
        return curves.f1
    of_classes = objective.of_rates(curves.classes.precision, curves.classes.recall)
    return np.asarray(of_classes.mean(0))


def _nothing_to_choose(counting: Counting) -> Optional[str]:
    if not counting.instances.sum():
        return "the validated images have no objects"
    if not len(counting.hit):
        return "nothing was detected"
    if not counting.hit.any():
        return "no detection is right"
    return None


def _not_from_curves(curves: Curves, objective: Objective, average: Average) -> Optional[str]:
    if objective.kind != "f":
        return f"{objective.name} is about counts, and only curves are known"
    if average == "micro":
        return "counting over all classes together needs detections, and only curves are known"
    if not len(curves.f1) or not curves.f1.max() > 0:
        return "no detection is right"
    return None
