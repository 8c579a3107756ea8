"""How sure an operating point is: what would have been chosen, and what it would have given, on other images.

A maximum is found where luck was good, so the value reported with it is too high on average. By how much is
seen on the draws: each one's own choice does better on it than on the validation that it was drawn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.statistics.proportion import Z_95
from tensorboard_runlens.statistics.resampling import REPLICATES, unit_of
from tensorboard_runlens.thresholds.bootstrap import (
    Resampled,
    Singles,
    objects,
    passed,
    resampled,
    values,
)
from tensorboard_runlens.thresholds.counting import Counting, pooled
from tensorboard_runlens.thresholds.estimate import bounds_of, widest
from tensorboard_runlens.thresholds.exact import Average
from tensorboard_runlens.thresholds.framework import CONFIDENCE
from tensorboard_runlens.thresholds.objective import Objective
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.thresholds.rechosen import best_of_each, smoothed

TAIL = 0.025
"""On each side of an interval of 95 %."""

ASKED = (Objective("precision", (0.5,)), Objective("recall", (0.5,)))
"""What can be asked for; how much of it makes no difference to its bounds."""

ONE_SIDED = 0.05
"""Of a bound, and of the test whether another confidence is worse."""

FEWEST_REPLICATES = 40
"""The outermost one from each side is then at the end of a 95 % interval."""

FEWEST_IMAGES = 15
"""With objects. On made-up validations of a weak detector with 15 the intervals hold the truth in 92 to 94 of 100,
with 10 that of the threshold in 87 (benchmarks/threshold_coverage.py)."""


@dataclass(frozen=True)
class Uncertainty:
    """``interval`` holds the confidence chosen on other images of the kind in 95 of 100 cases; within ``plateau`` no
    confidence is measurably worse. ``value`` is the objective at the operating point on the validated images,
    ``expected`` that on others, lower by ``optimism``, and ``value_interval`` holds it in 95 of 100 cases. What is None
    is unknown, and ``reason`` says why."""

    interval: Optional[Range] = None
    plateau: Optional[Range] = None
    value: Optional[float] = None
    value_interval: Optional[Range] = None
    optimism: Optional[float] = None
    expected: Optional[float] = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class LowerBounds:
    """What precision and recall are at least in 95 of 100 cases, counted over all classes together, (1000,) each at the
    framework's confidences."""

    precision: Floats
    recall: Floats


def study(
    counting: Counting,
    objective: Objective,
    average: Average,
    at: float,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Uncertainty:
    """The uncertainty of the operating point ``at``, the estimate for that objective and average, from so many draws of
    the images. Only a reason where no detection is right, and of fewer than 15 images with objects or 40 draws.

    Where precision or recall is asked for there is neither a plateau nor optimism: nothing is maximised.
    """
    few = _too_few(counting, replicates)
    if few:
        return Uncertainty(reason=few)
    together = average == "micro" or objective.kind != "f"
    counted = pooled(counting) if together else counting
    images = resampled(counting.images, replicates, seed)
    curves = _curves(counted, objective, np.append(CONFIDENCE, at), images)
    (curves, at_point) = (curves[:-1], curves[-1])
    if objective.kind in ("precision", "recall"):
        return _asked(counted, objective, curves, at_point, at)
    choosing = curves[:, curves.any(0)]
    (best, width) = best_of_each(choosing, CONFIDENCE, widest(objective))
    value = float(at_point[0])
    optimism = _optimism(choosing, best)
    if objective.kind == "f":
        optimism = min(optimism, value)
    wider = widening(images_with_objects(counting))
    return Uncertainty(
        interval=interval_of_confidence(CONFIDENCE[best[1:]], at, wider),
        plateau=_plateau(smoothed(curves, width[0]), int(best[0]), at, wider),
        value=value,
        value_interval=_around(value, at_point[1:], optimism, wider, objective),
        optimism=optimism,
        expected=value - optimism,
    )


def lower_bounds(counting: Counting, replicates: int = REPLICATES, seed: int = 0) -> LowerBounds:
    """The lower ones of the resampled images' and of Wilson's bounds: where all or nothing is right resampling cannot
    tell what else could be."""
    counted = pooled(counting)
    images = resampled(counting.images, replicates, seed)
    count = objects(counted, images)[0]
    of_all = passed(counted, 0, CONFIDENCE, images)

    def bound(objective: Objective) -> Floats:
        curves = values(objective, of_all.right, of_all.found, count)[of_all.place]
        return _lower(counted, objective, curves[:, count > 0])

    return LowerBounds(*map(bound, ASKED))


def interval(drawn: Floats, point: float, wider: float) -> Range:
    """What 95 % of the values lie in, both ends moved away from the point by a factor; the point lies within."""
    (low, high) = (np.quantile(drawn, [TAIL, 1 - TAIL]) - point) * wider
    return (float(point + min(low, 0)), float(point + max(high, 0)))


def interval_of_confidence(drawn: Floats, point: float, wider: float) -> Range:
    """The same within 0 and 1; the point where nothing was drawn."""
    (low, high) = interval(drawn, point, wider) if len(drawn) else (point, point)
    return (max(low, 0.0), min(high, 1.0))


def widening(images: int) -> float:
    """The factor by which draws of few images vary too little: Student's quantile over the normal one, and the images
    that one would divide by over one less."""
    from scipy.special import stdtrit

    return float(stdtrit(images - 1, 1 - TAIL) / Z_95 * np.sqrt(images / (images - 1)))


def _curves(counting: Counting, objective: Objective, grid: Floats, images: Resampled) -> Singles:
    """(k, draws) the mean objective of the classes that have objects in a draw; draws without any are left out."""
    count = objects(counting, images)
    there = count > 0
    total = np.zeros((len(grid), images.draws.shape[1]), np.float32)
    for index in np.flatnonzero(counting.present).tolist():
        of_class = passed(counting, index, grid, images)
        value = values(objective, of_class.right, of_class.found, count[index])
        value *= there[index]
        total += value[of_class.place]
    total /= np.maximum(there.sum(0), 1).astype(np.float32)
    some = there.any(0)
    return total if some.all() else total[:, some]


def _optimism(curves: Singles, best: Integers) -> float:
    """By how much what is chosen from a draw does better on it than on the validation (Efron & Tibshirani 1993, 17.6);
    0 where it does not."""
    draws = np.arange(1, len(best))
    gained = curves[best[1:], draws] - curves[best[1:], 0]
    return max(float(gained.mean()), 0.0) if len(gained) else 0.0


def _plateau(curves: Floats, best: int, at: float, wider: float) -> Range:
    """The confidences around the best whose value is not below its in 95 of 100 draws."""
    lead = curves[best] - curves
    least = np.quantile(lead[:, 1:], ONE_SIDED, axis=1)
    worse = np.flatnonzero(lead[:, 0] + (least - lead[:, 0]) * wider > 0)
    after = int(np.searchsorted(worse, best))
    first = worse[after - 1] + 1 if after else 0
    last = worse[after] - 1 if after < len(worse) else len(lead) - 1
    return (min(float(CONFIDENCE[first]), at), max(float(CONFIDENCE[last]), at))


def _around(
    value: float, drawn: Singles, optimism: float, wider: float, objective: Objective
) -> Range:
    """95 % of the value on other images: as far as the draws go, downwards from what is expected and upwards from what
    was seen, since the optimism is itself not known exactly. A fraction stays one, and a cost is at least 0."""
    (low, high) = (np.quantile(drawn, [TAIL, 1 - TAIL]) - value) * wider
    (least, most) = (-np.inf, 0.0) if objective.kind == "cost" else (0.0, 1.0)
    expected = value - optimism
    return (float(max(expected + min(low, 0), least)), float(min(value + max(high, 0), most)))


def _asked(
    counting: Counting, objective: Objective, curves: Singles, at_point: Singles, at: float
) -> Uncertainty:
    """Where precision or recall is asked for: each draw chooses by a bound as far below its own curve as the bound of
    the validation is. One that never reaches it would let nothing pass, or all."""
    margin = curves[:, 0] - _lower(counting, objective, curves)
    reached = curves[:, 1:] - margin[:, None] >= objective.parameters[0]
    if objective.kind == "precision":
        chosen = np.where(reached.any(0), reached.argmax(0), len(reached) - 1)
    else:
        chosen = np.where(reached.any(0), len(reached) - 1 - reached[::-1].argmax(0), 0)
    value = float(at_point[0])
    wider = widening(images_with_objects(counting))
    return Uncertainty(
        interval=interval_of_confidence(CONFIDENCE[chosen], at, wider),
        value=value,
        value_interval=_around(value, at_point[1:], 0.0, wider, objective),
        expected=value,
    )


def _lower(counting: Counting, objective: Objective, curves: Singles) -> Floats:
    """(k,) the lower one of the bounds of precision or recall."""
    wilson = bounds_of(counting, objective, CONFIDENCE)
    if curves.shape[1] < 2:
        return wilson
    return np.minimum(np.quantile(curves[:, 1:], ONE_SIDED, axis=1), wilson)


def images_with_objects(counting: Counting, index: Optional[int] = None) -> int:
    """How many images, or units of images that are drawn together, have an object of a class, or of any."""
    there = counting.truth_count > 0
    if index is not None:
        there &= counting.truth_class == index
    return len(np.unique(unit_of(counting.images)[counting.truth_image[there]]))


def _too_few(counting: Counting, replicates: int) -> str:
    images = images_with_objects(counting)
    if not counting.hit.any():
        return "no detection is right"
    if replicates < FEWEST_REPLICATES:
        return f"{replicates} draws of images are too few for an interval: it takes {FEWEST_REPLICATES}"
    if images < FEWEST_IMAGES:
        have = "image with objects is" if images == 1 else "images with objects are"
        return f"{images} {have} too few for an interval: it takes {FEWEST_IMAGES}"
    return ""
