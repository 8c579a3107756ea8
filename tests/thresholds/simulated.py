"""Validations of a made-up detector on a made-up population of images, whose true F1 is known.

The images differ: on hard ones fewer objects are found, all scores are lower, and more is taken for an object that
is none. What is on one image is right and wrong together, as on photographs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.counts.counting import Counting, counting

POPULATION = 40_000
"""Images that stand for all there are: at 300 the sampling error is 12 times that of the stand-in."""


@dataclass(frozen=True)
class Detector:
    """``strength`` of the scores of true positives over those of false ones (logits), ``found`` the logit of the share
    of objects that are found, ``false`` false detections an image, ``level`` of all logits, ``clustering`` how much
    the images differ. Of the objects, class i has a share in proportion to (1 + i) ** -``rarer``; the logits of classes
    of odd numbers are higher by ``shift``."""

    strength: float
    found: float
    false: float
    level: float
    clustering: float
    classes: int = 1
    objects: float = 3.0
    rarer: float = 1.0
    shift: float = 0.0


GOOD = Detector(strength=3.0, found=2.5, false=8.0, level=-2.5, clustering=0.5)
"""An ordinary detector: optimum near .4, F1 near .8."""

WEAK = Detector(strength=1.6, found=0.6, false=20.0, level=-5.0, clustering=1.5, objects=2.0)
"""A weak detector on very different images: optimum near .065."""

SEVERAL = Detector(
    strength=2.6, found=2.0, false=12.0, level=-2.3, clustering=0.7, classes=5, objects=5.0
)
"""Five classes, the rarest with a 15th of the objects."""


def validation(detector: Detector, images: int, seed: int) -> Detections:
    """What a validation on that many images records."""
    rng = np.random.default_rng([seed, images])
    quality = rng.normal(size=images)
    share = np.arange(1.0, detector.classes + 1) ** -detector.rarer
    objects = rng.poisson(detector.objects, images)
    of_object = np.repeat(np.arange(images), objects)
    class_of_object = rng.choice(detector.classes, len(of_object), p=share / share.sum())
    lift = detector.clustering * quality
    chance = 1 / (1 + np.exp(-(detector.found + lift[of_object])))
    hit = rng.random(len(of_object)) < chance
    wrong = rng.poisson(detector.false * np.exp(-0.7 * lift - 0.245 * detector.clustering**2))
    of_wrong = np.repeat(np.arange(images), wrong)
    logit = np.concatenate(
        [
            detector.level + detector.strength + 0.7 * lift[of_object[hit]],
            detector.level - 0.5 * lift[of_wrong],
        ]
    )
    number = np.concatenate(
        [class_of_object[hit], rng.integers(0, detector.classes, len(of_wrong))]
    )
    logit += detector.shift * (number % 2) + rng.normal(size=len(logit))
    confidence = 1 / (1 + np.exp(-logit))
    pairs = np.unique(np.stack([of_object, class_of_object]), axis=1, return_counts=True)
    order = np.argsort(confidence)
    return Detections(
        confidence=confidence[order].astype(np.float32),
        image=np.concatenate([of_object[hit], of_wrong])[order],
        class_number=number[order],
        hits={"box": (np.arange(len(order)) < hit.sum()).astype(np.uint16)[order] * 1023},
        truth_image=pairs[0][0],
        truth_class=pairs[0][1],
        truth_count=pairs[1],
        images=images,
    )


def sample(detector: Detector, images: int, seed: int) -> Counting:
    return counting(validation(detector, images, seed), "box")


@lru_cache
def population(detector: Detector) -> Counting:
    return sample(detector, POPULATION, seed=987_654_321)
