"""The classes of a run as the JSON structs: how good each is, how far that can be believed, and how it came there."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.numbers import digits, rounded_metrics, series
from tensorboard_runlens.class_intervals import intervals_of, unreliable
from tensorboard_runlens.formats.recorded_courses import ClassCourses
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.run import ClassMetrics

WEAK = "weak-class"
"""The rule that names weak classes."""


def class_lines(analysis: Analysis, courses: Optional[ClassCourses]) -> list[schema.ClassLine]:
    """A line a class, in the order of the file."""
    weak = _weak(analysis)
    return [_line(line, analysis, courses, weak) for line in analysis.signals.data.classes]


def class_rank(analysis: Analysis, courses: Optional[ClassCourses]) -> Optional[schema.ClassRank]:
    """What classes are told apart by, None without a metric of any."""
    (group, metric) = (analysis.signals.classes.group, analysis.signals.classes.metric)
    if group is None or metric is None:
        return None
    if courses is None or courses.group != group:
        return schema.ClassRank(group, metric, None, [])
    return schema.ClassRank(group, metric, courses.metric, list(courses.epochs))


def _weak(analysis: Analysis) -> set[str]:
    named = [one.evidence.get("classes") for one in analysis.findings if one.rule == WEAK]
    return {str(name) for names in named if isinstance(names, list) for name in names}


def _line(
    line: ClassMetrics, analysis: Analysis, courses: Optional[ClassCourses], weak: set[str]
) -> schema.ClassLine:
    same = courses is not None and courses.group == analysis.signals.classes.group
    course = courses.values.get(line.name) if courses is not None and same else None
    return schema.ClassLine(
        name=without_absolute_paths(line.name),
        images=line.images,
        instances=line.instances,
        trained=analysis.signals.data.trained.get(line.name),
        weak=line.name in weak,
        course=[] if course is None else series(course),
        metrics=rounded_metrics(line.metrics),
        intervals={
            group: {name: (digits(low), digits(high)) for (name, (low, high)) in named.items()}
            for (group, named) in intervals_of(line).items()
        },
        unreliable=unreliable(line),
    )
