"""The operating point, chosen on val, counted on the test split: the number to report."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.deployment.slider import counted
from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.plain_values import range_of
from tensorboard_runlens.schema.threshold import Tested
from tensorboard_runlens.statistics.resampling import REPLICATES
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.thresholds.uncertainty.drawn_counts import (
    Singles,
    objects,
    passed,
    resampled,
    values,
)
from tensorboard_runlens.thresholds.uncertainty.of_point import (
    FEWEST_IMAGES,
    images_with_objects,
    interval_of_value,
)
from tensorboard_runlens.words import count

SEED = 0


def tested_of(found: Study) -> Optional[Tested]:
    """What the test split gives at the confidence that val chose; None where either is not known."""
    (on_test, confidence) = (found.tested, found.point.confidence)
    if on_test is None or confidence is None:
        return None
    at = counted(on_test, confidence)
    interval = range_of(f1_interval(on_test, confidence))
    return Tested(
        images=on_test.images,
        at=at,
        f1_interval=interval,
        text=_text(on_test.images, at.f1 or 0.0, interval, found.point.f1),
    )


def f1_interval(counting: Counting, confidence: float) -> Optional[Range]:
    """95 % of the mean F1 at a confidence that was chosen on other images; None of too few."""
    drawn = f1_of_draws(counting, confidence)
    if images_with_objects(counting) < FEWEST_IMAGES or not len(drawn):
        return None
    return interval_of_value(counting, F1, confidence, drawn)


def f1_of_draws(counting: Counting, confidence: float) -> Singles:
    """(draws,) the mean F1 of the classes that have objects in each draw of images, the first being the images
    themselves; draws without any are left out."""
    images = resampled(counting.images, REPLICATES, SEED)
    count_of = objects(counting, images)
    there = count_of > 0
    total = np.zeros(there.shape[1])
    for index in np.flatnonzero(counting.present):
        found = passed(counting, int(index), np.array([confidence]), images)
        total += values(F1, found.right[0], found.found[0], count_of[index]) * there[index]
    classes = there.sum(0)
    return np.asarray(total[classes > 0] / classes[classes > 0], np.float32)


def _text(images: int, f1: float, interval: Optional[Range], on_val: Optional[float]) -> str:
    said = f"on {count(images, 'image')} of test, which had no part in choosing it, F1 is {f1:.3f}"
    if interval is not None:
        said += f" ({interval[0]:.3f} to {interval[1]:.3f})"
    return said if on_val is None else f"{said}, on val {on_val:.3f}: report the one on test"
