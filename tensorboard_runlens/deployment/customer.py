"""What a threshold means, in a sentence for people who do not train models: counts of 100, and no word of the field."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.proportion import wilson
from tensorboard_runlens.statistics.resampling import TAIL, draws, unit_of, units_of
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.counts.passing import passing
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.words import count

OF_TEST = " that had no part in choosing it"


def sentence(found: Study) -> str:
    """The share of objects that are found and of reports that are wrong, and how well that is known.

    Of the test images where these were validated: those that chose the setting flatter it.
    """
    confidence = found.point.confidence
    if confidence is not None and found.tested is not None:
        return _counted(found.tested, confidence, OF_TEST)
    if confidence is not None and found.counting is not None:
        return _counted(found.counting, confidence)
    return _averaged(found)


def _averaged(found: Study) -> str:
    """Where nothing was counted: the means over the classes."""
    (precision, recall) = (found.point.precision, found.point.recall)
    if precision is None or recall is None:
        return "How many objects it finds at this setting has not been counted."
    names = found.validation.names if found.validation is not None else ()
    if found.group == "pixel" or len(names) == 1:
        said = _said(recall, 1 - precision, "pixels" if found.group == "pixel" else "objects")
        return f"{said} (how it does on other images is not known)."
    # The mean precision of kinds says nothing of all reports: a kind that is never reported counts as 1.
    return (
        f"At this setting it finds about {_of_100(recall)} of 100 objects (on average over the kinds of objects; how"
        " many of its reports are wrong, and how it does on other images, is not known)."
    )


def _counted(counted: Counting, confidence: float, which: str = "") -> str:
    at = passing(counted, confidence)
    if not at.instances:
        return "The images that it was tried on hold no objects."
    (low, high) = found_interval(counted, confidence)
    wrong = (at.found - at.right) / at.found if at.found else None
    said = _said(at.right / at.instances, wrong, "objects")
    on = f"{count(at.instances, 'object')} in {count(counted.images, 'image')}{which}"
    return (
        f"{said} (counted on {on}; on other images of the same kind it may find"
        f" {_of_100(low)} to {_of_100(high)} of 100)."
    )


def found_interval(counted: Counting, confidence: float) -> Range:
    """95 % of the share of objects that are found: drawn by image, as those of an image are alike, and never narrower
    than if each object were on an image of its own."""
    (found, objects) = _by_unit(counted, confidence)
    (right, total) = (int(found.sum()), int(objects.sum()))
    (low, high) = wilson(right / total, total)
    weights = draws(len(objects))
    whole = weights @ objects
    shares = (weights @ found)[whole > 0] / whole[whole > 0]
    (lower, higher) = np.quantile(shares, [TAIL, 1 - TAIL])
    return (min(low, float(lower)), max(high, float(higher)))


def _by_unit(counted: Counting, confidence: float) -> tuple[Floats, Floats]:
    """(objects that are found, objects) of each unit of images."""
    units = units_of(counted.images)
    unit = unit_of(counted.images)
    right = counted.hit & (counted.confidence.astype(np.float64) >= confidence)
    found = np.bincount(unit[counted.image[right]], minlength=units)
    objects = np.bincount(unit[counted.truth_image], counted.truth_count, units)
    return (found.astype(np.float64), objects.astype(np.float64))


def _said(found: float, wrong: Optional[float], things: str) -> str:
    said = f"At this setting it finds about {_of_100(found)} of 100 {things}"
    if wrong is None:
        return f"{said}, and reports nothing"
    if things == "pixels":
        return f"{said}, and about {_of_100(wrong)} of 100 that it marks are wrong"
    return f"{said}, and about {_of_100(wrong)} of 100 of its reports are wrong"


def _of_100(share: float) -> int:
    return round(100 * share)
