"""Metrics by class, or of the whole model, that somebody saved as JSON beside the run.

Frameworks print these numbers and write them nowhere, so every such file is home-made:
{class: {metric: number}}, with or without an outer name and a line for all classes, or {metric:
number}. Key names are read tolerantly (metric_words.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats.class_lines import ALL, Column, Line, find, is_measured
from tensorboard_runlens.formats.metric_words import (
    MAX_FRACTION,
    MAX_UNKNOWN,
    key_of,
    not_used,
    number_of,
    says_percent,
)
from tensorboard_runlens.formats.table import decode, quoted
from tensorboard_runlens.naming import natural
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import ClassMetrics, Problem
from tensorboard_runlens.words import first_of

NAMES = ("per_class_metrics.json", "metrics.json", "class_metrics.json")
"""Files that must hold metrics, by their names; any other JSON file may."""

OF_DETECTIONS = {(group, name) for group in ("box", "mask") for name in ("map50", "map50_95", "f1")}
"""Metrics whose names mean nothing else."""

UNTELLING_NAME = re.compile(r"config|param|setting|package|args", re.IGNORECASE)
TELLING_NAME = re.compile(r"metric|result|eval|score", re.IGNORECASE)

MAX_FILES = 20
"""JSON files of one folder that are looked at."""

MAX_CLASSES = 2000
"""Classes of one file; LVIS, the largest common data set, has 1,203."""

Metrics = Mapping[str, Mapping[str, float]]
Said = tuple[str, str]
"""The kind of a problem, and the problem."""


@dataclass(frozen=True)
class SavedMetrics:
    """What one such file says: metrics by class, and of all classes together where it has a line for them.

    ``mean`` is the mean over all its classes.
    """

    file: str
    classes: tuple[ClassMetrics, ...]
    overall: Optional[Metrics]
    problems: tuple[Problem, ...] = ()
    mean: Optional[Metrics] = None

    @property
    def final(self) -> Optional[Metrics]:
        """The metrics of all classes: as stated, else the mean over classes where every class has the metric."""
        return self.overall or self.mean


def saved_metrics(folder: Folder) -> Optional[SavedMetrics]:
    """The metrics of the first file in the folder that holds some, by class before those of the whole."""
    found = [saved for saved in (_read(folder, name) for name in _candidates(folder)) if saved]
    if not found:
        return None
    best = max(found, key=lambda saved: (bool(saved.classes), bool(saved.overall)))
    overall = best.overall or next((saved.overall for saved in found if saved.overall), None)
    problems = tuple(problem for saved in found for problem in saved.problems)
    return SavedMetrics(best.file, best.classes, overall, problems, best.mean)


def _candidates(folder: Folder) -> list[str]:
    names = [name for name in folder.files if name.lower().endswith(".json")]
    return sorted(names, key=lambda name: (name not in NAMES, natural(name)))[:MAX_FILES]


def _read(folder: Folder, name: str) -> Optional[SavedMetrics]:
    """One file; None for a file that is about something else."""
    expected = name in NAMES
    try:
        document = plain_json.load(decode(folder.read(name, MAX_CONFIG_BYTES)) or "")
    except (FileRefused, plain_json.Damaged) as error:
        return _unread(name, "damaged", str(error)) if expected else None
    (own, *sections) = find(document)
    lines = [*sections, replace(own, of_all=True)]
    measured = sum(line.measured for line in lines)
    if not expected and not _is_about_metrics(name, [line for line in lines if line.measured]):
        return None
    if not measured:
        said = "no metrics by class and none of the whole that RunLens knows"
        return _unread(name, "not_metrics", said) if expected else None
    return _understood(name, lines)


def _is_about_metrics(name: str, measured: Sequence[Line]) -> bool:
    """Whether a file that nobody called metrics holds some: colours have an r, configurations a precision of 16."""
    if UNTELLING_NAME.search(name) or not (len(measured) > 1 or TELLING_NAME.search(name)):
        return False
    return any(len(line.cells) > 1 or dict(line.cells).keys() & OF_DETECTIONS for line in measured)


def _understood(name: str, lines: Sequence[Line]) -> SavedMetrics:
    scale = _scale(lines)
    of_all = sorted((line for line in lines if line.of_all and line.measured), key=_standing)
    classes = {line.name: line for line in reversed(lines) if not line.of_all}
    named = [_metrics(line, scale) for line in lines if classes.get(line.name) is line]
    overall = [metrics for line in of_all if (metrics := _metrics(line, scale).metrics)]
    said = [*scale.said(), *_doubts(lines, named, of_all)]
    return SavedMetrics(
        name,
        tuple(named[:MAX_CLASSES]),
        overall[0] if overall else None,
        tuple(Problem(name, None, kind, problem) for (kind, problem) in said),
        _mean(named),
    )


def _standing(line: Line) -> tuple[bool, bool]:
    """What says that it is of all classes comes first, tests last."""
    key = key_of(line.name)
    return ("test" in key, not re.search(ALL, key))


def _unread(name: str, kind: str, problem: str) -> SavedMetrics:
    return SavedMetrics(name, (), None, (Problem(name, None, kind, problem),))


def _mean(classes: Sequence[ClassMetrics]) -> Optional[Metrics]:
    """mAP is the mean of the classes' AP; mean precision and recall likewise."""
    means: dict[str, dict[str, float]] = {}
    for group, named in (classes[0].metrics if classes else {}).items():
        for metric in named:
            values = [line.metrics.get(group, {}).get(metric) for line in classes]
            known = [value for value in values if value is not None]
            if len(known) == len(classes) and metric != "f1":
                means.setdefault(group, {})[metric] = sum(known) / len(known)
    return means or None


def _doubts(
    lines: Sequence[Line], classes: Sequence[ClassMetrics], of_all: Sequence[Line]
) -> Iterator[Said]:
    """What of the lines is not used or cannot be."""
    if len(classes) > MAX_CLASSES:
        said = f"{len(classes):,} classes; the first {MAX_CLASSES:,} are used"
        yield ("too_many_classes", said)
    without = [one for line in lines for one in _without_number(line)]
    if without:
        yield ("no_number", f"no usable number, left out: {first_of(without, MAX_UNKNOWN)}")
    others = [quoted(line.name) for line in of_all[1:] if line.cells != of_all[0].cells]
    if others:
        said = f"{quoted(of_all[0].name)} is read as all classes, and not {first_of(others, MAX_UNKNOWN)}"
        yield ("several_for_all", said)
    there = [line.name for line in lines if not line.of_all]
    if len(there) > len(classes):
        twice = [quoted(name) for (name, times) in Counter(there).items() if times > 1]
        yield (
            "same_class",
            f"stands there twice, the first is used: {first_of(twice, MAX_UNKNOWN)}",
        )
    unused = [key for line in lines for key in line.unused]
    if unused:
        yield ("not_used", not_used(unused))


def _without_number(line: Line) -> Iterator[str]:
    """The class, and the metrics of it that have none."""
    empty = [name for ((_, name), cell) in line.cells.items() if not is_measured(cell)]
    if empty or not (line.cells or line.of_all):
        yield " ".join([quoted(line.name), *empty])


@dataclass(frozen=True)
class Scale:
    """The columns of a file that count in percent, and those of which that is not clear."""

    percent: Collection[Column]
    unclear: Collection[Column]

    def said(self) -> Iterator[Said]:
        """What is read otherwise than it stands there."""
        if self.percent:
            yield ("percent", "percentages; they are read as fractions")
        for _, metric in sorted(self.unclear):
            said = f"{metric}: percent or fraction is not clear; left out"
            yield ("percent_or_fraction", said)

    def fraction(self, column: Column, cell: Any) -> Optional[float]:
        """The cell as a fraction; a percent sign speaks for its own cell."""
        number = number_of(cell)
        if number is None or not is_measured(cell):
            return None
        if says_percent(cell):
            return number
        if column in self.unclear:
            return None
        return number / 100 if column in self.percent else number


def _scale(lines: Sequence[Line]) -> Scale:
    highest: dict[Column, float] = {}
    for line in lines:
        for column, cell in line.cells.items():
            if is_measured(cell) and not says_percent(cell):
                highest[column] = max(number_of(cell) or 0.0, highest.get(column, 0.0))
    percent = {column for (column, value) in highest.items() if value > MAX_FRACTION}
    doubtful = {column for (column, value) in highest.items() if 0 < value <= MAX_FRACTION}
    return Scale(percent, doubtful if percent else ())


def _metrics(line: Line, scale: Scale) -> ClassMetrics:
    metrics: dict[str, dict[str, float]] = {}
    for (group, name), cell in line.cells.items():
        fraction = scale.fraction((group, name), cell)
        if fraction is not None:
            metrics.setdefault(group, {})[name] = fraction
    return ClassMetrics(line.name, metrics, line.images, line.instances)
