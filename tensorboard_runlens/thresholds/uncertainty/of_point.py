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
from tensorboard_runlens.statistics.resampling import (
    REPLICATES,
    interval_of_draws,
    unit_of,
    widening,
)
from tensorboard_runlens.thresholds.best.estimate import bounds_of, widest
from tensorboard_runlens.thresholds.best.estimate_of_many import best_of_each, smoothed
from tensorboard_runlens.thresholds.best.exact import Average
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.best.surely import surely
from tensorboard_runlens.thresholds.counts.counting import Counting, pooled
from tensorboard_runlens.thresholds.objective import Objective
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.thresholds.uncertainty.drawn_counts import (
    Resampled,
    Singles,
    objects,
    passed,
    resampled,
    values,
)
from tensorboard_runlens.thresholds.uncertainty.independent_cases import at_least, cases

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


def uncertainty_of(
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
        value_interval=interval_of_value(counted, objective, at, at_point, optimism),
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


def interval_of_confidence(drawn: Floats, point: float, wider: float) -> Range:
    """95 % of drawn confidences, within 0 and 1; the point where nothing was drawn."""
    (low, high) = interval_of_draws(drawn, point, wider) if len(drawn) else (point, point)
    return (max(low, 0.0), min(high, 1.0))


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


def interval_of_value(
    counting: Counting, objective: Objective, at: float, drawn: Singles, optimism: float = 0.0
) -> Range:
    """95 % of the objective at a confidence on other images; ``drawn`` (draws,) is that of the draws, the validation
    first. As far as the draws go, downwards from what is expected and upwards from what was seen, since the optimism is
    itself not known exactly. A fraction stays one, and a cost is at least 0."""
    (value, others) = (float(drawn[0]), drawn[1:].astype(np.float64))
    (low, high) = interval_of_draws(others, value, widening(images_with_objects(counting)))
    low -= optimism
    if objective.kind == "cost":
        return (low, min(high, 0.0))
    within = (max(low, 0.0), min(high, 1.0))
    return at_least(within, value - optimism, value, cases(counting, objective, at))


def _asked(
    counting: Counting, objective: Objective, curves: Singles, at_point: Singles, at: float
) -> Uncertainty:
    """Where precision or recall is asked for: each draw chooses by a bound as far below its own curve as the bound of
    the validation is. One that never reaches it would let nothing pass, or all."""
    margin = curves[:, 0] - _lower(counting, objective, curves)
    nothing_else = len(curves) - 1 if objective.kind == "precision" else 0
    bounds = (curves[:, 1:] - margin[:, None]).T
    chosen = [surely(objective, bound) for bound in bounds]
    rows = [nothing_else if row is None else row for row in chosen]
    value = float(at_point[0])
    wider = widening(images_with_objects(counting))
    return Uncertainty(
        interval=interval_of_confidence(CONFIDENCE[rows], at, wider),
        value=value,
        value_interval=interval_of_value(counting, objective, at, at_point),
        expected=value,
    )


def _lower(counting: Counting, objective: Objective, curves: Singles) -> Floats:
    """(k,) the lower one of the bounds of precision or recall.

    Recall never rises with the confidence, so that of all confidences only one can be the first to fail, and the
    draws' bound is that of each alone. Precision wavers, and of hundreds of confidences some look better than they
    are: its bound holds for all of them at once. It is 0 where what passes lies on too few images to tell.
    """
    wilson = bounds_of(counting, objective, CONFIDENCE)
    if curves.shape[1] < 2:
        return wilson
    known = np.ones(len(curves), bool)
    if objective.kind == "precision":
        known = _images_passing(counting) >= FEWEST_IMAGES
    if not known.any():
        return np.zeros(len(curves))
    (seen, drawn) = (curves[:, 0].astype(np.float64), curves[:, 1:].astype(np.float64))
    spread = drawn.std(1)
    spread *= widening(max(images_with_objects(counting), 2))
    times = _times_spread(objective, seen[known], drawn[known], spread[known])
    return np.where(known, np.minimum(seen - times * spread, wilson), 0.0)


def _times_spread(objective: Objective, seen: Floats, drawn: Floats, spread: Floats) -> float:
    """How many standard deviations below what was seen the bound lies: of recall as the lower end of an interval of
    95 % does, since with 1.645 what was chosen failed in up to 11 of 100 simulated validations; of precision as far as
    95 % of the draws stay below at every confidence."""
    if objective.kind == "recall":
        return Z_95
    apart = (drawn - seen[:, None]) / np.maximum(spread, np.finfo(float).tiny)[:, None]
    return float(np.quantile(apart.max(0), 1 - ONE_SIDED))


def _images_passing(counting: Counting) -> Integers:
    """(k,) on how many images something passes each confidence."""
    surest = np.full(counting.images, -1.0)
    np.maximum.at(surest, counting.image, counting.confidence)
    return len(surest) - np.searchsorted(np.sort(surest), CONFIDENCE, side="left")


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
