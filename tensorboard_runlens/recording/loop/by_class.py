"""Metrics by class of one epoch, from several sources, as the columns of its line in epochs.jsonl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from tensorboard_runlens.recording.loop.values import number

FIELDS = ("precision", "recall", "f1", "ap50", "ap50_95", "iou")
COUNTS = ("images", "instances")
OTHER_WORDS = {"map50": "ap50", "map50_95": "ap50_95"}
"""What means over the classes are called elsewhere in a recording."""

OF_BOXES = {"precision": "precision", "recall": "recall", "ap50": "map50", "ap50_95": "map50_95"}
MEANS: dict[str, dict[str, str]] = {"pixel": {"iou": "miou"}, "classify": {}}
"""What the mean of a metric over the classes is called, by group; where nothing else is said as of boxes."""

Values = dict[str, Optional[float]]


class ByClass:
    """What is known of each class number."""

    def __init__(self) -> None:
        self._counts: dict[int, dict[str, int]] = {}
        self._groups: dict[str, dict[int, Values]] = {}

    def add(self, group: str, number_of_class: int, measured: Mapping[str, Any]) -> None:
        """Takes the metrics and counts of one class. Raises ValueError for a word that is neither."""
        values = {OTHER_WORDS.get(word, word): value for (word, value) in measured.items()}
        strange = values.keys() - {*FIELDS, *COUNTS}
        if strange:
            raise ValueError(
                f"of a class {', '.join((*FIELDS, *COUNTS))} are recorded, not {min(strange)!r}"
            )
        counts = {word: int(values.pop(word)) for word in COUNTS if values.get(word) is not None}
        self._counts.setdefault(number_of_class, {}).update(counts)
        found = self._groups.setdefault(group, {}).setdefault(number_of_class, {})
        found.update({word: number(value) for (word, value) in values.items() if word in FIELDS})

    def columns(self) -> dict[str, Any]:
        """``classes`` and, in their order, counts and metrics; what is not known of any class is left out."""
        classes = sorted(self._counts)
        if not classes:
            return {}
        counts = _columns(COUNTS, [self._counts[one] for one in classes])
        groups = {
            group: _columns(FIELDS, [values.get(one, {}) for one in classes])
            for (group, values) in self._groups.items()
        }
        return {"classes": classes, **counts, **groups}

    def means(self) -> dict[str, Values]:
        """group -> metric -> mean over the classes, of those metrics that all classes have."""
        return {
            group: _means(MEANS.get(group, OF_BOXES), list(classes.values()))
            for (group, classes) in self._groups.items()
        }


def _columns(words: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    columns = {word: [row.get(word) for row in rows] for word in words}
    return {
        word: cells for (word, cells) in columns.items() if any(cell is not None for cell in cells)
    }


def _means(words: Mapping[str, str], rows: Sequence[Values]) -> Values:
    found: Values = {}
    for word, mean in words.items():
        cells = [row[word] for row in rows if row.get(word) is not None]
        if len(cells) == len(rows):
            found[mean] = sum(cell for cell in cells if cell is not None) / len(cells)
    return found
