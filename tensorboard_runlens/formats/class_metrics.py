"""Metrics by class, or of the whole model, that somebody saved as JSON beside the run.

Frameworks print these numbers and write them nowhere, so every such file is home-made:
{class: {metric: number}}, with or without an outer name and a line for all classes, or {metric:
number}. Key names are read tolerantly (metric_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.metric_words import (
    CLASSIFICATION_WORDS,
    DETECTION_WORDS,
    IMAGE_WORDS,
    INSTANCE_WORDS,
    MAX_FRACTION,
    key_of,
    meaning,
    number_of,
)
from tensorboard_runlens.formats.table import decode
from tensorboard_runlens.naming import natural, shown
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import ClassMetrics, Problem

NAMES = ("per_class_metrics.json", "metrics.json", "class_metrics.json")
"""Files that must hold metrics, by their names; any other JSON file may."""

TELLING_NAME = re.compile(r"metric|result|eval|score", re.IGNORECASE)

MAX_FILES = 20
"""JSON files of one folder that are looked at."""

MAX_CLASSES = 2000
"""Classes of one file; LVIS, the largest common data set, has 1,203."""

ALL = ("all", "overall", "total", "mean", "average", "avg", "summary", "global", "macroavg")
"""What the line for all classes is called."""

GROUP_OF_WORD = {
    "box": "box",
    "bbox": "box",
    "detection": "box",
    "mask": "mask",
    "seg": "mask",
    "segmentation": "mask",
}
COUNTS = (*IMAGE_WORDS, *INSTANCE_WORDS)
MAX_COUNT = 10**9
"""A larger number of instances is no count."""

MAX_LEVELS = 3
"""Levels of outer names around the classes: {"results": {"per_class": {...}}}."""

Metrics = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class SavedMetrics:
    """What one such file says: metrics by class, and of all classes together where it has a line for them."""

    file: str
    classes: tuple[ClassMetrics, ...]
    overall: Optional[Metrics]
    problems: tuple[Problem, ...] = ()

    @property
    def final(self) -> Optional[Metrics]:
        """The metrics of all classes: as stated, else the mean over classes where every class has the metric."""
        return self.overall or _mean(self.classes)


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


def saved_metrics(folder: Folder) -> Optional[SavedMetrics]:
    """The metrics of the first file in the folder that holds some, by class before those of the whole."""
    found = [saved for saved in (_read(folder, name) for name in _candidates(folder)) if saved]
    if not found:
        return None
    best = max(found, key=lambda saved: (bool(saved.classes), bool(saved.overall)))
    overall = best.overall or next((saved.overall for saved in found if saved.overall), None)
    problems = tuple(problem for saved in found for problem in saved.problems)
    return SavedMetrics(best.file, best.classes, overall, problems)


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
    lines = _lines(document)
    if not expected and not (len(lines) > 1 or TELLING_NAME.search(name)):
        return None  # single letters such as p and r mean other things elsewhere
    if not lines:
        said = "no metrics by class and none of the whole that RunLens knows"
        return _unread(name, "not_metrics", said) if expected else None
    (lines, problems) = _fractions(name, lines)
    problems += _too_many(name, lines)
    overall = next((line for line in lines if _is_all(line)), None)
    classes = tuple(line for line in lines if line is not overall)[:MAX_CLASSES]
    return SavedMetrics(name, classes, overall.metrics if overall else None, tuple(problems))


def _unread(name: str, kind: str, problem: str) -> SavedMetrics:
    return SavedMetrics(name, (), None, (Problem(name, None, kind, problem),))


def _too_many(name: str, lines: list[ClassMetrics]) -> Iterator[Problem]:
    if len(lines) > MAX_CLASSES:
        said = f"{len(lines):,} classes; the first {MAX_CLASSES:,} are used"
        yield Problem(name, None, "too_many_classes", said)


def _lines(document: Any, levels: int = MAX_LEVELS) -> list[ClassMetrics]:
    """A line for each class, and one called "all" for metrics that stand outside of classes."""
    document = _by_name(document)
    if not levels or not document:
        return []
    if _groups(document):
        return [line for line in [_line("all", document)] if line]
    document = _transposed(document) or document
    found = [line for (name, value) in document.items() if (line := _line(name, value))]
    plain = {key: value for (key, value) in document.items() if not isinstance(value, dict)}
    own = _line("all", plain)
    known = {"all", *(line.name for line in found)}
    for value in document.values():
        inner = [] if _groups(_by_name(value)) else _lines(value, levels - 1)
        found += [line for line in inner if line.name not in known]
        known.update(line.name for line in inner)
    return [*found, own] if own and not any(_is_all(line) for line in found) else found


def _by_name(document: Any) -> dict[str, Any]:
    """An object as it is; a list of objects under the names they give themselves; nothing else."""
    if isinstance(document, list):
        return {
            _class_name(one): one for one in document if isinstance(one, dict) and _class_name(one)
        }
    return (
        {str(key): value for (key, value) in document.items()} if isinstance(document, dict) else {}
    )


def _class_name(line: Mapping[str, Any]) -> str:
    names = (line.get(key) for key in ("class", "name", "class_name", "label", "category"))
    return next((name for name in names if isinstance(name, str)), "")


def _groups(document: Mapping[str, Any]) -> bool:
    """Whether an object holds metrics apart for boxes and masks: {"box": {...}, "mask": {...}}."""
    dicts = {key: value for (key, value) in document.items() if isinstance(value, dict)}
    return bool(dicts) and all(key_of(key) in GROUP_OF_WORD for key in dicts)


def _transposed(document: Mapping[str, Any]) -> dict[str, Any]:
    """{metric: {class: number}} as {class: {metric: number}}; empty for anything else."""
    dicts = {key: value for (key, value) in document.items() if isinstance(value, dict)}
    if not dicts or not all(
        meaning(key, DETECTION_WORDS) or key_of(key) in COUNTS for key in dicts
    ):
        return {}
    plain = {key: value for (key, value) in document.items() if key not in dicts}
    by_class: dict[str, dict[str, Any]] = {}
    for metric, values in dicts.items():
        for name, value in values.items():
            by_class.setdefault(str(name), {})[metric] = value
    return {**plain, **by_class}


def _is_all(line: ClassMetrics) -> bool:
    return key_of(line.name) in ALL


def _line(name: str, value: Any) -> Optional[ClassMetrics]:
    """A class's metrics; None where the value is nothing of the kind."""
    if not isinstance(value, dict):
        return None
    metrics: dict[str, dict[str, float]] = {}
    for key, inner in value.items():
        group = GROUP_OF_WORD.get(key_of(str(key)))
        if isinstance(inner, dict) and group:
            for word, number in inner.items():
                _put(metrics, group, str(word), number)
        else:
            _put(metrics, "box", str(key), inner)
    if not metrics:
        return None
    return ClassMetrics(
        shown(name), metrics, _count(value, IMAGE_WORDS), _count(value, INSTANCE_WORDS)
    )


def _put(metrics: dict[str, dict[str, float]], group: str, word: str, value: Any) -> None:
    number = number_of(value)
    if number is None or not 0 <= number <= 100:
        return
    where = place(word)  # results_dict as Ultralytics names it: metrics/mAP50(B)
    if where.kind == "metric":
        metrics.setdefault(where.group, {}).setdefault(where.name, number)
        return
    (group, word) = _without_group(group, key_of(word))
    name = meaning(word, DETECTION_WORDS)
    if name is None:
        (group, name) = ("classify", meaning(word, CLASSIFICATION_WORDS))
    if name is not None:
        metrics.setdefault(group, {}).setdefault(name, number)


def _without_group(group: str, key: str) -> tuple[str, str]:
    """ "maskmap50" -> mask and map50."""
    for mark, named in GROUP_OF_WORD.items():
        if named == "mask" and key.startswith(mark) and meaning(key[len(mark) :], DETECTION_WORDS):
            return (named, key[len(mark) :])
    return (group, key)


def _count(value: Mapping[str, Any], words: tuple[str, ...]) -> Optional[int]:
    for key, inner in value.items():
        number = number_of(inner)
        if key_of(str(key)) in words and number is not None and 0 <= number < MAX_COUNT:
            return int(number)
    return None


Column = tuple[str, str]
"""A metric of a group, e.g. box map50."""


def _fractions(name: str, lines: list[ClassMetrics]) -> tuple[list[ClassMetrics], list[Problem]]:
    """The lines as fractions; a metric of which it is not clear whether it counts in percent is left out."""
    highest: dict[Column, float] = {}
    for line in lines:
        for group, named in line.metrics.items():
            for metric, value in named.items():
                highest[group, metric] = max(value, highest.get((group, metric), 0.0))
    percent = {column for (column, value) in highest.items() if value > MAX_FRACTION}
    unclear = {
        column for (column, value) in highest.items() if percent and 0 < value <= MAX_FRACTION
    }
    problems = (
        [Problem(name, None, "percent", "percentages; they are read as fractions")]
        if percent
        else []
    )
    problems += [
        Problem(
            name,
            None,
            "percent_or_fraction",
            f"{metric}: percent or fraction is not clear; left out",
        )
        for (_, metric) in sorted(unclear)
    ]
    return ([_scaled(line, percent, unclear) for line in lines], problems)


def _scaled(
    line: ClassMetrics, percent: Collection[Column], unclear: Collection[Column]
) -> ClassMetrics:
    metrics = {
        group: {
            name: value / 100 if (group, name) in percent else value
            for (name, value) in named.items()
            if (group, name) not in unclear
        }
        for (group, named) in line.metrics.items()
    }
    return replace(line, metrics={group: named for (group, named) in metrics.items() if named})
