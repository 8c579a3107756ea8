"""How each class fared from epoch to epoch, as the callback recorded it: read only when somebody looks at a run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded import manifest_of, rows_of, validated
from tensorboard_runlens.formats.recorded_fields import Line
from tensorboard_runlens.recording.layout import EPOCHS, FOLDER
from tensorboard_runlens.run import ClassMetrics, Floats, Problem, main_group

METRICS = ("map50_95", "iou", "f1")
"""What classes are followed by: the first of these that they have in the run's main group."""

POINTS = 40
"""Epochs of a course, evenly chosen; it is drawn 100 pixels wide."""


@dataclass(frozen=True, eq=False)
class ClassCourses:
    """A metric of the classes, by name: a fraction 0..1 at each of ``epochs`` (n,), at most POINTS of them, NaN where
    the class was not measured."""

    group: str
    metric: str
    epochs: Sequence[int]
    values: Mapping[str, Floats]


def class_courses(folder: Folder) -> Optional[ClassCourses]:
    """The courses of a run's classes, None where fewer than two epochs tell of them. Never raises for what lies
    there; what is damaged was said by whoever read the run."""
    below = folder.below(FOLDER)
    problems: list[Problem] = []
    manifest = None if below is None or EPOCHS not in below.files else manifest_of(below, problems)
    if below is None or manifest is None:
        return None
    lines = [
        (line.epoch, line.classes and validated(line, manifest.names, (EPOCHS, number), problems))
        for (number, line) in _chosen(list(rows_of(below, Line, problems)))
    ]
    measured = {epoch: _by_name(found.classes) for (epoch, found) in lines if found}
    return _courses(measured) if len(measured) > 1 else None


def _chosen(rows: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    chosen = np.linspace(0, len(rows) - 1, min(len(rows), POINTS)).round().astype(int)
    return [rows[row] for row in chosen]


def _by_name(lines: Sequence[ClassMetrics]) -> dict[str, ClassMetrics]:
    """A name that several classes have tells of none of them."""
    times = Counter(line.name for line in lines)
    return {line.name: line for line in lines if times[line.name] == 1}


def _courses(measured: Mapping[int, Mapping[str, ClassMetrics]]) -> Optional[ClassCourses]:
    lines = [line for one in measured.values() for line in one.values()]
    group = main_group({group: None for line in lines for group in line.metrics})
    known = {name for line in lines for name in line.metrics.get(group or "", {})}
    metric = next((name for name in METRICS if name in known), None)
    if group is None or metric is None:
        return None
    names = dict.fromkeys(line.name for line in lines)
    values = {
        name: np.array([_value(one.get(name), group, metric) for one in measured.values()])
        for name in names
    }
    return ClassCourses(group, metric, list(measured), values)


def _value(line: Optional[ClassMetrics], group: str, metric: str) -> float:
    return math.nan if line is None else line.metrics.get(group, {}).get(metric, math.nan)
