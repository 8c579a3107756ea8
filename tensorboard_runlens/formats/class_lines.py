"""Where metrics by class stand in somebody's JSON document: {class: {metric: number}} and its like.

With or without outer names and a line for all classes, as {metric: {class: number}}, as a list, or
apart for boxes and masks. Cells are kept as they were written; class_metrics.py makes fractions of
them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

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
    says_percent,
    unused_number,
)
from tensorboard_runlens.naming import shown

ALL = "all|overall|total|mean|average|avg|summary|global|macro|micro|weighted"
"""What the line for all classes is called; macro avg, micro avg and weighted avg are scikit-learn's."""

AROUND = (
    "metrics?|results?|scores?|model|performance|final|best|evaluation|eval|validation|val"
    "|testing|test|classes"
)
"""Words around one of these; a name of nothing else stands for all classes too."""

OF_ALL = re.compile(f"(?:{ALL}|{AROUND})+")
OF_TRAINING = re.compile(f"train(?:ing)?(?:{AROUND})*")
"""Sections that were measured on the training images."""

POSSIBLE_CLASSES = ("model", "final", "best", "test", "train")
"""Such names that somebody may detect: a class where others beside have the same keys; COCO has trains."""

MAX_NAME_OF_ALL = 40
"""Letters of such a name; overall_validation_performance has 28."""

OF_CLASSES = re.compile(r"^(?:perclass|byclass|classwise)|(?:perclass|byclass|classwise)$")
"""per_class_mAP50, ap_per_class: a metric whose values stand there by class."""

GROUP_OF_WORD = {
    "box": "box",
    "bbox": "box",
    "detection": "box",
    "mask": "mask",
    "seg": "mask",
    "segmentation": "mask",
}
OF_GROUP = re.compile("(?:metrics?|results?)$")
"""What may stand behind a group's name: box_metrics."""

COUNTS = (*IMAGE_WORDS, *INSTANCE_WORDS)
NAME_FIELDS = ("class", "name", "class_name", "label", "category")
"""The fields in which a class says its name."""

MAX_COUNT = 10**9
"""A larger number of instances is no count."""

MAX_LEVELS = 3
"""Levels of names down to the classes: {"results": {"per_class": {"cat": {...}}}}."""

Column = tuple[str, str]
"""A metric of a group, e.g. box map50."""


@dataclass(frozen=True)
class Line:
    """What stands in the file of one class, or ``of_all``: cells as written, by metric.

    ``keys`` are its keys; ``unused`` names numbers in it, or in sections of it, that are not
    understood.
    """

    name: str
    cells: Mapping[Column, Any]
    images: Optional[int] = None
    instances: Optional[int] = None
    keys: frozenset[str] = frozenset()
    unused: tuple[str, ...] = ()
    of_all: bool = False

    @property
    def measured(self) -> bool:
        """Whether any metric has a usable number."""
        return any(map(is_measured, self.cells.values()))


def is_measured(cell: Any) -> bool:
    """Whether a cell holds what may be a fraction or a percentage."""
    number = number_of(cell)
    return number is not None and 0 <= number <= (MAX_FRACTION if says_percent(cell) else 100)


def find(document: Any, name: str = "all", levels: int = MAX_LEVELS) -> list[Line]:
    """The lines of a document: first its own, of what stands outside of classes, with a metric or without."""
    sections = _by_name(document)
    own = _line(name, sections)
    if not levels or (own.cells and _groups(sections)):
        return [own]
    parts = [
        find(value, key, levels - 1)
        for (key, value) in _by_class(_with_empty(sections)).items()
        if _is_section(value)
    ]
    (found, unused) = _judged(parts)
    return [replace(own, unused=(*own.unused, *unused)), *found]


def _judged(parts: Sequence[list[Line]]) -> tuple[list[Line], list[str]]:
    """(lines of classes and of all, numbers that are not used) of an object's sections."""
    classes = [own for (own, *below) in parts if own.measured and not below and _is_class(own)]
    alike = {line.keys for line in classes}
    known = frozenset[str]().union(*alike)
    found: list[Line] = []
    unused: list[str] = []
    for own, *below in parts:
        is_class = not below and (_is_class(own) or _may_be_class(own, alike))
        if not is_class and _is_training(own.name):
            unused.append(own.name)
            continue
        if own.measured or (classes and is_class and (own.cells or own.keys <= known)):
            found.append(replace(own, of_all=not is_class))
        elif own.unused:
            unused += own.unused if below else [own.name]
        found += below
    return (found, unused)


def _is_class(line: Line) -> bool:
    """Whether a name can only be that of a class."""
    return not _is_whole(line.name) and not _is_training(line.name)


def _may_be_class(line: Line, alike: Collection[frozenset[str]]) -> bool:
    """Whether a name is a class's because classes with the same keys stand beside."""
    return key_of(line.name) in POSSIBLE_CLASSES and line.keys in alike


def _is_whole(name: str) -> bool:
    """Whether a name says that its metrics are of all classes: overall_metrics, best_model."""
    return len(name) <= MAX_NAME_OF_ALL and name.isascii() and bool(OF_ALL.fullmatch(key_of(name)))


def _is_training(name: str) -> bool:
    return len(name) <= MAX_NAME_OF_ALL and bool(OF_TRAINING.fullmatch(key_of(name)))


def _by_name(document: Any) -> dict[str, Any]:
    """An object's sections, or those of a list, under the names that they give themselves; else nothing."""
    if isinstance(document, list):
        named = [one for one in document if _own_name(one)]
        return _distinct((_own_name(one), one) for one in named)
    if not isinstance(document, dict):
        return {}
    if all(str(key).isdecimal() and _own_name(value) for (key, value) in document.items()):
        return _distinct((_own_name(value), value) for value in document.values())
    return {str(key): value for (key, value) in document.items()}


def _distinct(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Sections by name; a name that stands there again gets the number of its section."""
    found: dict[str, Any] = {}
    for number, (name, value) in enumerate(named):
        found[f"{name} ({number})" if name in found else name] = value
    return found


def _own_name(section: Any) -> str:
    if not isinstance(section, dict):
        return ""
    names = (section.get(key) for key in NAME_FIELDS)
    return next((name for name in names if isinstance(name, str)), "")


def _is_section(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_own_name, value)))


def _with_empty(sections: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where nothing but classes stands, {"cat": {...}, "dog": null} has a dog without metrics."""
    if not all(value is None or isinstance(value, dict) for value in sections.values()):
        return sections
    return {key: value or {} for (key, value) in sections.items() if value or not _is_word(key)}


def _group_of(key: str) -> Optional[str]:
    return GROUP_OF_WORD.get(OF_GROUP.sub("", key_of(key)))


def _groups(sections: Mapping[str, Any]) -> bool:
    """Whether the metrics in an object stand apart for boxes and masks: {"box": {...}, "mask": {...}}."""
    dicts = {key: value for (key, value) in sections.items() if isinstance(value, dict)}
    return any(map(_group_of, dicts)) and all(
        _group_of(key) or not any(map(_is_word, value)) for (key, value) in dicts.items()
    )


def _is_word(key: Any) -> bool:
    """Whether a key is a metric or a count."""
    return _column("box", str(key)) is not None or key_of(str(key)) in COUNTS


def _by_class(sections: Mapping[str, Any]) -> dict[str, Any]:
    """The sections with {metric: {class: number}} turned round to {class: {metric: number}}."""
    dicts = {key: value for (key, value) in sections.items() if isinstance(value, dict)}
    words = {key: word for key in dicts if _is_word(word := OF_CLASSES.sub("", key_of(key)))}
    mixed = words.keys() != dicts.keys()
    columns = {
        key: word
        for (key, word) in words.items()
        if not mixed or word != key_of(key) or not any(map(_is_word, dicts[key]))
    }
    by_class = {key: value for (key, value) in sections.items() if key not in columns}
    for key, word in columns.items():
        for name, cell in dicts[key].items():
            there = by_class.get(str(name))
            line = there if isinstance(there, dict) else {}
            by_class[str(name)] = {**line, (word if word != key_of(key) else key): cell}
    return by_class


def _line(name: str, sections: Mapping[str, Any]) -> Line:
    """The metrics that stand in an object itself, or in its parts for boxes and masks."""
    cells: dict[Column, Any] = {}
    unused: list[str] = []
    for group, key, cell in _cells(sections):
        column = _column(group, key)
        if column and not isinstance(cell, list):
            if not is_measured(cells.get(column)):
                cells[column] = cell
        elif _is_unused(key, cell):
            unused.append(key)
    (images, instances) = (_count(sections, IMAGE_WORDS), _count(sections, INSTANCE_WORDS))
    return Line(shown(name), cells, images, instances, frozenset(sections), tuple(unused))


def _cells(sections: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(group, key, cell) of what is no section."""
    groups = _groups(sections)
    for key, value in sections.items():
        group = _group_of(key) if groups and isinstance(value, dict) else None
        if group:
            yield from ((group, str(word), cell) for (word, cell) in value.items())
        elif not _is_section(value):
            yield ("box", key, value)


def _is_unused(key: str, cell: Any) -> bool:
    if isinstance(cell, list):
        return any(number_of(one) is not None for one in cell)
    return unused_number(key, cell) and key_of(key) not in COUNTS and key not in NAME_FIELDS


def _column(group: str, word: str) -> Optional[Column]:
    """The metric that a key names; one of pixels is none of boxes."""
    where = place(word)  # results_dict as Ultralytics names it: metrics/mAP50(B)
    if where.kind == "metric":
        return (where.group, where.name)
    key = key_of(word)
    if "pixel" in key:
        return None
    for mark, named in GROUP_OF_WORD.items():
        if named == "mask" and key.startswith(mark):
            (group, word) = (named, key[len(mark) :])
    name = meaning(word, DETECTION_WORDS)
    if name:
        return (group, name)
    of_images = meaning(word, CLASSIFICATION_WORDS)
    return ("classify", of_images) if of_images else None


def _count(sections: Mapping[str, Any], words: tuple[str, ...]) -> Optional[int]:
    for key, cell in sections.items():
        number = number_of(cell)
        if key_of(key) in words and number is not None and 0 <= number < MAX_COUNT:
            return int(number)
    return None
