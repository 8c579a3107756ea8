"""The JSON of a data set, what is wrong with it and what it shares with another."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.finding import Problem
from tensorboard_runlens.schema.terms import Evidence, Number, Severity, Task


class DataAreas(msgspec.Struct, frozen=True):
    """Box areas: 5, 25, 50, 75, 95 % quantiles as share of the image, and COCO's sizes in pixels of the stored images:
    small below 32 x 32, medium below 96 x 96. The shares are of the ``measured`` boxes, whose image's size is known."""

    quantiles: list[Number]
    small: Number
    medium: Number
    large: Number
    measured: int


class DataSplit(msgspec.Struct, frozen=True):
    """Train, val or test. ``backgrounds`` are the images with a missing or empty label file; ``per_class`` counts
    instances by class id. Images that a training ignores are in ``corrupt_images`` or ``corrupt_labels``."""

    images: int
    backgrounds: int
    empty_labels: int
    missing_labels: int
    corrupt_images: int
    corrupt_labels: int
    instances: int
    per_class: list[int]
    areas: Optional[DataAreas]
    fingerprint: Optional[str]
    problems: list[Problem]


class DataRepeats(msgspec.Struct, frozen=True):
    """Validation images that are in train byte for byte (``same``) or look like one there (``alike``). ``compared``
    says of how many (train, val) the pixels were compared, ``pairs`` names examples (val, train)."""

    same: int
    alike: int
    compared: tuple[int, int]
    pairs: list[tuple[str, str]]


class DataFault(msgspec.Struct, frozen=True):
    """Something wrong with a data set, and what to do about it."""

    kind: str
    severity: Severity
    summary: str
    evidence: dict[str, Evidence]
    advice: str


class DataSet(msgspec.Struct, frozen=True):
    """What a data set holds; ``splits`` are train, val, test where the file names them."""

    name: str
    task: Task
    classes: list[str]
    splits: dict[str, DataSplit]
    repeats: Optional[DataRepeats]
    faults: list[DataFault]
    problems: list[Problem]


class DataShared(msgspec.Struct, frozen=True):
    """The same split of two data sets: ``equal`` images have bytes and labels alike (``renamed`` of them under another
    name), ``relabelled`` only name and bytes."""

    first: int
    second: int
    equal: int
    renamed: int
    relabelled: int
    sentence: str


class DataOverlap(msgspec.Struct, frozen=True):
    """How much a data set shares with another, split by split."""

    name: str
    splits: dict[str, DataShared]


class DataAnswer(msgspec.Struct, frozen=True):
    """``runlens data --json``."""

    ok: Literal[True]
    schema: int
    data: DataSet
    against: Optional[DataOverlap]
