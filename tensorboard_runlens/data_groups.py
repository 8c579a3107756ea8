"""Which runs of a logdir validated the same images as far as that is known: ranking means something among them only.

Runs are put together that agree in all that is known of their data, so that no two of a group contradict each other
(comparison/same_data.py). A run with a fingerprint and one that only names its data file are never put together: the
name proves nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.plain_values import CONFIG_VALUE_LENGTH
from tensorboard_runlens.words import count

IMAGES, NAMED, UNKNOWN = "images", "named", "unknown"
"""How the data of a group are known: by fingerprint, by the data file's name and numbers, not at all."""

MAX_NAME = 48
"""Characters of a data file's name in a label: a heading of the table."""

FINGERPRINT_SHOWN = 8
"""Digits that tell the fingerprints of a logdir apart."""

TELLS_NOTHING = re.compile(r"(?i)(data|dataset|custom|config)(\.ya?ml)?$")
"""What tutorials and exporting programs call every data file: its folder is what tells the data."""


@dataclass(frozen=True)
class Data:
    """What a run tells of its validation data: ``name`` is the data file's, ``fingerprint`` that of the images; with it
    nothing else counts. None where unknown."""

    fingerprint: Optional[str]
    name: Optional[str] = None
    n_val: Optional[int] = None
    n_classes: Optional[int] = None
    task: Optional[str] = None

    @property
    def known(self) -> str:
        """One of IMAGES, NAMED and UNKNOWN."""
        if self.fingerprint:
            return IMAGES
        return NAMED if self.name else UNKNOWN


@dataclass(frozen=True)
class DataGroup:
    """Runs of the same data by name, and how they are called together. Numbers are None where unknown."""

    data: Data
    runs: tuple[str, ...]
    label: str
    n_val: Optional[int]
    n_classes: Optional[int]


def data_of(analysis: Analysis) -> Data:
    """What tells a run's validation data: runs with equal ones belong together."""
    known = analysis.signals.data
    if known.val_fingerprint:
        return Data(known.val_fingerprint)
    name = data_name(analysis.run.arguments)
    return Data(None, name, known.n_val_images, known.n_classes, analysis.run.task)


def data_name(arguments: Mapping[str, Any]) -> Optional[str]:
    """The data file's name without its path; with its folder where the name is everybody's. None where not stated."""
    said = arguments.get("data")
    if not isinstance(said, str):
        return None
    parts = [part for part in re.split(r"[\\/]", said[-CONFIG_VALUE_LENGTH:]) if part.strip(". ")]
    if not parts:
        return None
    return "/".join(parts[-2:] if TELLS_NOTHING.match(parts[-1]) else parts[-1:])


def data_groups(analyses: Sequence[Analysis]) -> list[DataGroup]:
    """The groups of these runs, the most recently updated first; those whose data nothing tells come last."""
    members: dict[Data, list[Analysis]] = {}
    for analysis in analyses:
        members.setdefault(data_of(analysis), []).append(analysis)
    newest = {data: max(found, key=_updated) for (data, found) in members.items()}
    labels = {data: _label(data, newest[data]) for data in members}
    several = Counter(labels.values())
    return [
        DataGroup(
            data,
            tuple(one.run.name for one in members[data]),
            labels[data] if several[labels[data]] == 1 else f"{labels[data]}, {_apart(data)}",
            newest[data].signals.data.n_val_images,
            newest[data].signals.data.n_classes,
        )
        for data in sorted(members, key=lambda one: (one.known == UNKNOWN, -_updated(newest[one])))
    ]


def _updated(analysis: Analysis) -> float:
    newest = analysis.run.files.newest
    return -math.inf if newest is None else newest


def _label(data: Data, newest: Analysis) -> str:
    """The data file's name and the numbers that are known."""
    name = data.name or data_name(newest.run.arguments)
    (images, classes) = (newest.signals.data.n_val_images, newest.signals.data.n_classes)
    said = [
        _shortened(name) if name else "data not stated",
        count(images, "validation image") if images else "",
        count(classes, "class", "classes") if classes else "",
    ]
    return ", ".join(part for part in said if part)


def _shortened(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def _apart(data: Data) -> str:
    """What tells two groups of one label apart."""
    return (data.fingerprint or "")[:FINGERPRINT_SHOWN] or data.task or ""
