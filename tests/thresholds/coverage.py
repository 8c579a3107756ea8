"""How often intervals hold what they say, over many validations whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.best.estimate import best_by_estimate, objective_curve
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.uncertainty.of_point import Uncertainty, uncertainty_of
from tests.thresholds.simulated import Detector, population, sample


@dataclass(frozen=True, eq=False)
class Truth:
    """``f1`` at each of CONFIDENCE, where it is ``best`` and what the estimate would be on the whole population."""

    f1: Floats
    best: float
    estimate: float


@dataclass(frozen=True)
class Coverage:
    """Shares of validations in which the interval of F1 holds the true F1 at the point (``value``), that of the
    confidence the one estimated on all images (``interval``), and the plateau the truly best one (``plateau``); and
    mean errors of the reported F1 (``error``) and the one expected (``debiased``)."""

    value: float
    interval: float
    plateau: float
    error: float
    debiased: float
    plateau_width: float


def truth(detector: Detector) -> Truth:
    counting = population(detector)
    (right, found) = counted_at(counting, CONFIDENCE)
    f1 = F1.of_counts(right, found, counting.instances[:, None]).mean(0)
    estimate = best_by_estimate(objective_curve(counting, F1, "macro"), CONFIDENCE)
    return Truth(f1, float(CONFIDENCE[f1.argmax()]), float(CONFIDENCE[estimate]))


def coverage(
    detector: Detector,
    images: int,
    validations: int,
    replicates: int,
    independent: bool = False,
) -> Coverage:
    """Over validations of so many images, but for those with too few objects. ``independent`` draws detections one by
    one, as if images were not there."""
    true = truth(detector)
    rows = []
    for seed in range(validations):
        counting = sample(detector, images, seed)
        at = best_by_estimate(objective_curve(counting, F1, "macro"), CONFIDENCE)
        drawn = one_by_one(counting) if independent else counting
        found = uncertainty_of(drawn, F1, "macro", float(CONFIDENCE[at]), replicates, seed)
        if not found.reason:
            rows.append(_judged(found, true, at))
    return Coverage(*np.mean(rows, axis=0).tolist())


def one_by_one(counting: Counting) -> Counting:
    """Each object with its detection, and each wrong detection, as if it were an image of its own."""
    of_class = np.repeat(np.arange(len(counting.classes)), np.diff(counting.start))
    detections = len(of_class)
    hits = np.bincount(of_class[counting.hit], minlength=len(counting.classes))
    missed = np.repeat(np.arange(len(counting.classes)), counting.instances - hits)
    own = np.random.default_rng(0).permutation(detections + len(missed))
    return replace(
        counting,
        image=own[:detections],
        truth_class=np.concatenate([of_class[counting.hit], missed]),
        truth_image=np.concatenate([own[:detections][counting.hit], own[detections:]]),
        truth_count=np.ones(hits.sum() + len(missed), np.int64),
        images=len(own),
    )


def _judged(found: Uncertainty, true: Truth, at: int) -> list[float]:
    assert found.interval and found.plateau and found.value_interval
    assert found.value is not None and found.expected is not None
    here = true.f1[at]
    return [
        found.value_interval[0] <= here <= found.value_interval[1],
        found.interval[0] <= true.estimate <= found.interval[1],
        found.plateau[0] <= true.best <= found.plateau[1],
        found.value - here,
        found.expected - here,
        found.plateau[1] - found.plateau[0],
    ]
