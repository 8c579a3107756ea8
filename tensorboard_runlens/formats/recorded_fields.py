"""The fields of a recording's files that are used, and what each may hold (docs/recorded_data.md)."""

from __future__ import annotations

from typing import Annotated, Literal, Optional

import msgspec

from tensorboard_runlens.formats.metric_words import MAX_FRACTION
from tensorboard_runlens.recording.layout import MAX_HOURS, THINNED

MAX_CLASSES = 25_000
"""Classes of a training; ImageNet-21k, the largest common data set, has 21,841."""

MAX_TEXT = 200
"""Characters of a name or a version."""

MAX_GROUPS = 1000
"""Parameter groups of an optimizer; a group for each layer of the largest networks is below."""

MAX_EPOCH = 10_000_000

MAX_COUNT = 10**9

MAX_PROCESSES = 10_000
"""Processes of a training, and devices."""

MAX_PID = 2**22
"""The highest number that Linux gives a process."""

MAX_MISSING = 100
"""Sentences on what release or machine could not give."""

MAX_SENTENCE = 1000

NULL = b"null"
NOTHING = msgspec.Raw(NULL)
"""A field that a line does not have."""

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Sentence = Annotated[str, msgspec.Meta(max_length=MAX_SENTENCE)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]
Hours = Annotated[float, msgspec.Meta(gt=0, le=MAX_HOURS)]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=MAX_FRACTION)]
Epoch = Annotated[int, msgspec.Meta(ge=0, le=MAX_EPOCH)]
Column = Annotated[list[Optional[Fraction]], msgspec.Meta(max_length=MAX_CLASSES)]
Points = Annotated[list[Fraction], msgspec.Meta(min_length=THINNED, max_length=THINNED)]
Counts = Annotated[list[Optional[Count]], msgspec.Meta(max_length=MAX_CLASSES)]


class Stated(msgspec.Struct, frozen=True):
    """The manifest's format number, looked at before anything else."""

    format: Count


class Images(msgspec.Struct, frozen=True):
    """Images of the two splits."""

    train: Optional[Count] = None
    val: Optional[Count] = None


class Optimizer(msgspec.Struct, frozen=True):
    """The optimizer that trained."""

    name: Text
    lr: Annotated[list[float], msgspec.Meta(max_length=MAX_GROUPS)] = []


class Counted(msgspec.Struct, frozen=True):
    """Instances by class in one split."""

    instances: Annotated[list[Count], msgspec.Meta(max_length=MAX_CLASSES)] = []


class Splits(msgspec.Struct, frozen=True):
    """Both splits as the training loaded them."""

    train: Optional[Counted] = None
    val: Optional[Counted] = None


class Kinds(msgspec.Struct, frozen=True):
    """The labels of one split."""

    images: Count
    instances: Count
    polygons: Count


class SplitKinds(msgspec.Struct, frozen=True):
    """Of both; null where a data set has no list of labels."""

    train: Optional[Kinds] = None
    val: Optional[Kinds] = None


class Process(msgspec.Struct, frozen=True):
    """The process that trains (recording/process.py)."""

    pid: Annotated[int, msgspec.Meta(ge=1, le=MAX_PID)]
    started: Annotated[int, msgspec.Meta(ge=0)]
    place: Text


class Manifest(msgspec.Struct, frozen=True):
    """The fields of the manifest that are used."""

    framework: Optional[Text] = None
    version: Optional[Text] = None
    torch: Optional[Text] = None
    python: Optional[Text] = None
    task: Optional[Text] = None
    names: Annotated[list[Text], msgspec.Meta(max_length=MAX_CLASSES)] = []
    images: Images = Images()
    optimizer: Optional[Optimizer] = None
    device: Optional[Text] = None
    epochs: Optional[Epoch] = None
    close_mosaic_epoch: Optional[Epoch] = None
    devices: Optional[Annotated[list[Text], msgspec.Meta(max_length=MAX_PROCESSES)]] = None
    world_size: Optional[Count] = None
    missing: Optional[Annotated[list[Sentence], msgspec.Meta(max_length=MAX_MISSING)]] = None
    fitness: Optional[Text] = None
    axis: Optional[Literal["epoch", "iteration"]] = None
    arguments: msgspec.Raw = NOTHING
    finished: Optional[Epoch] = None
    class_counts: Optional[Splits] = None
    labels: Optional[SplitKinds] = None
    hours: Optional[Hours] = None
    accelerator: Optional[Literal["cuda", "mps", "nvidia"]] = None
    process: Optional[Process] = None
    started: Optional[float] = None


class Optimum(msgspec.Struct, frozen=True):
    """Where the mean F1 of the classes is best."""

    confidence: Fraction
    f1: Fraction


class Thinned(msgspec.Struct, frozen=True):
    """Means over the classes at confidence 0, 0.01 ... 1."""

    precision: Points
    recall: Points
    f1: Points


class Group(msgspec.Struct, frozen=True):
    """Columns of metrics, a row a class."""

    precision: Column = []
    recall: Column = []
    f1: Column = []
    ap50: Column = []
    ap50_95: Column = []
    iou: Column = []
    optimum: Optional[Optimum] = None
    curves: Optional[Thinned] = None


class StoppedThere(msgspec.Struct, frozen=True):
    """Why RunLens ended the training after this epoch."""

    metric: Text
    best_epoch: Epoch
    best: Fraction
    chance: Fraction
    drop: Optional[Fraction] = None
    excess: Optional[Annotated[float, msgspec.Meta(ge=0)]] = None


class Head(msgspec.Struct, frozen=True):
    """What every line is asked, so that two lines only are read in full."""

    epoch: Epoch
    fitness: Optional[float] = None
    seconds: Optional[float] = None
    machine: msgspec.Raw = NOTHING
    gradients: msgspec.Raw = NOTHING
    stopped: msgspec.Raw = NOTHING


class Measured(msgspec.Struct, frozen=True):
    """A validation in full."""

    classes: Annotated[list[Count], msgspec.Meta(max_length=MAX_CLASSES)] = []
    images: Optional[Counts] = None
    instances: Optional[Counts] = None
    box: Optional[Group] = None
    mask: Optional[Group] = None
    pose: Optional[Group] = None
    classify: Optional[Group] = None
    pixel: Optional[Group] = None


class Wrong(msgspec.Struct, frozen=True):
    """A validation image with errors, and the picture of it."""

    file: Text
    missed: Count
    false: Count
    image: Optional[Text] = None
    true: Optional[Count] = None
    predicted: Optional[Count] = None


class Final(Measured, frozen=True, kw_only=True):
    """That of best.pt."""

    worst: msgspec.Raw = NOTHING


class Line(Measured, frozen=True, kw_only=True):
    """That of an epoch."""

    epoch: Epoch
