"""Each class beside the common threshold: where it has its own best, and whether that is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.plain_values import class_names, number, range_of, without_absolute_paths
from tensorboard_runlens.run import Integers
from tensorboard_runlens.schema.threshold import Passing, ThresholdClass
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.counts.passing import sweep
from tensorboard_runlens.thresholds.objective import F1, precision_of


def class_lines(found: Study, validated: Sequence[str] = ()) -> list[ThresholdClass]:
    """A line for each class that has objects or detections, or whose curve is known. ``validated`` are the names of the
    classes that the framework lists, as far as any file tells: the legend of a picture lists the same."""
    counted = found.counting
    if counted is None:
        return _of_picture(found, validated) if found.drawn is not None else _of_curves(found)
    names = counted_names(found)
    images = _images(counted)
    common = _common(counted, found.point.confidence) if found.point.confidence is not None else {}
    return [
        ThresholdClass(
            name=names[one.index],
            number=int(counted.classes[one.index]),
            instances=int(counted.instances[one.index]),
            images=int(images[one.index]),
            confidence=number(one.confidence),
            interval=range_of(one.interval),
            value=number(one.value),
            common=common.get(one.index),
            gain=number(one.gain),
            gain_interval=range_of(one.gain_interval),
            advised=number(one.advised),
            verdict=one.verdict,
            reason=one.reason,
        )
        for one in found.classes
    ]


def counted_names(found: Study) -> list[str]:
    """The names of the counted classes, in their order."""
    if found.counting is None or found.validation is None:
        return []
    numbers = found.counting.classes.tolist()
    names = class_names(found.validation.names, max(numbers, default=-1) + 1)
    return [names[one] for one in numbers]


def _images(counted: Counting) -> Integers:
    """(c,) how many images hold each class; each pair of image and class is there once."""
    return np.bincount(counted.truth_class, minlength=len(counted.classes))


def _common(counted: Counting, confidence: float) -> dict[int, Passing]:
    """What of each class passes the common confidence, by its index."""
    swept = sweep(counted, np.array([confidence]))
    lines = {}
    for index, instances in enumerate(counted.instances.tolist()):
        (found, right) = (int(swept.found[index, 0]), int(swept.right[index, 0]))
        lines[index] = Passing(
            number(confidence) or 0.0,
            number(float(F1.of_counts(right, found, instances))) if instances else None,
            number(float(precision_of(right, found))) if found else None,
            number(right / instances) if instances else None,
            found,
            right,
            instances,
        )
    return lines


def _of_curves(found: Study) -> list[ThresholdClass]:
    """Where each class has its best F1, as its curve was recorded."""
    classes = found.curves.classes if found.curves is not None else None
    if classes is None or found.validation is None or found.objective != F1:
        return []
    numbers = classes.numbers.tolist()
    names = class_names(found.validation.names, max(numbers, default=-1) + 1)
    best = classes.f1.argmax(1)
    return [
        _unjudged(
            name=names[one],
            number_of=one,
            best=(float(classes.confidence[best[row]]), float(classes.f1[row, best[row]])),
            advised=found.point.confidence,
            reason="whether a threshold of its own is worth it needs detections",
        )
        for (row, one) in enumerate(numbers)
    ]


def _of_picture(found: Study, validated: Sequence[str]) -> list[ThresholdClass]:
    """Where each class has its best F1, as far as its thin curve is seen."""
    reading = found.drawn.reading("f1") if found.drawn is not None else None
    if reading is None or found.objective != F1:
        return []
    seen = {one.row: one for one in reading.classes}
    named = max(seen, default=0) < len(validated)
    return [
        _unjudged(
            name=without_absolute_paths(validated[row]) if named else f"legend line {row + 1}",
            number_of=None,
            best=(one.confidence, one.value),
            advised=found.point.confidence,
            reason="about, as its thin curve is drawn",
        )
        for (row, one) in seen.items()
    ]


def _unjudged(
    name: str,
    number_of: Optional[int],
    best: tuple[float, float],
    advised: Optional[float],
    reason: str,
) -> ThresholdClass:
    """A class of which its best (confidence, F1) is known and not how many objects it has."""
    return ThresholdClass(
        name=name,
        number=number_of,
        instances=None,
        images=None,
        confidence=number(best[0]),
        interval=None,
        value=number(best[1]),
        common=None,
        gain=None,
        gain_interval=None,
        advised=number(advised),
        verdict="unknown",
        reason=reason,
    )
