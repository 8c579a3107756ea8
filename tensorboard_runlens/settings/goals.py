"""``targets:``, ``grades:`` and ``baselines:`` of runlens.yaml: values of metrics that a user compares runs with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Optional

from tensorboard_runlens.settings.entries import Entry, Reading
from tensorboard_runlens.settings.model import GRADES
from tensorboard_runlens.settings.values import METRICS, fraction_of, fractions_of, is_metric
from tensorboard_runlens.targets import Target

CLASSES = "classes"
"""The name among the targets below which those of single classes stand."""

CLASS_METRIC = "map50"
"""What a single number for a class means: its AP50."""

ENDS = 2
"""A target from A to B has two ends."""


def targets_of(reading: Reading, entry: Entry) -> tuple[Target, ...]:
    """Targets of the model, then those of its classes, each in the order in which they stand there."""
    entries = reading.entries(entry, METRICS)
    of_model = [one for one in entries if one.name != CLASSES and is_metric(reading, one)]
    classes = [one for one in entries if one.name == CLASSES]
    found = [_target_of(reading, one, one.name, None) for one in of_model]
    found += [target for one in classes for target in _of_classes(reading, one)]
    return tuple(target for target in found if target is not None)


def grades_of(reading: Reading, entry: Entry) -> Optional[Mapping[str, float]]:
    """mAP50 from which a grade is given, the guide's where the user says nothing else; None without a usable one."""
    own = {}
    for one in reading.entries(entry, f"{', '.join(GRADES)} with a number from 0 to 1 each"):
        if one.name not in GRADES:
            reading.say(one, "is no grade", GRADES)
            continue
        least = fraction_of(reading, one)
        if least is not None:
            own[one.name] = least
    grades = {name: own.get(name, least) for (name, least) in GRADES.items()}
    if list(grades.values()) == sorted(grades.values(), reverse=True):
        return grades if own else None
    reading.say(entry, f"must fall in the order {', '.join(GRADES)}; the guide's hold")
    return None


def baselines_of(reading: Reading, entry: Entry) -> Mapping[str, Mapping[str, float]]:
    """Metrics by the name of a baseline; those without any usable metric are left out."""
    baselines = reading.entries(entry, "names of baselines with their metrics")
    found = {one.name: fractions_of(reading, one) for one in baselines}
    return {name: metrics for (name, metrics) in found.items() if metrics}


def _of_classes(reading: Reading, entry: Entry) -> Iterator[Optional[Target]]:
    """A number for a class is its mAP50; names of metrics say which else."""
    for one in reading.entries(entry, "names of classes with a target each"):
        if one.value.entries is None:
            yield _target_of(reading, one, CLASS_METRIC, one.name)
            continue
        for metric in reading.entries(one, METRICS):
            if is_metric(reading, metric):
                yield _target_of(reading, metric, metric.name, one.name)


def _target_of(
    reading: Reading, entry: Entry, metric: str, class_name: Optional[str]
) -> Optional[Target]:
    """A number, or [from, to]; None with a note for anything else."""
    ends = entry.value.items
    if ends is None:
        least = fraction_of(reading, entry)
        return None if least is None else Target(metric, least, least, class_name)
    if len(ends) != ENDS:
        reading.say(entry, "must be a number or [from, to]; it is not used")
        return None
    (low, high) = (fraction_of(reading, entry, end) for end in ends)
    if low is None or high is None:
        return None
    return Target(metric, min(low, high), max(low, high), class_name)
