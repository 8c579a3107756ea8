"""The JSON of the confidence to deploy with, and of how classes are confused."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema import Number, OperatingPoint

Range = tuple[float, float]


class Passing(msgspec.Struct, frozen=True):
    """What passes one confidence. F1, precision and recall are means over the classes, precision over those of which
    something passes; ``found`` detections pass, of which ``right`` are true positives, of ``instances`` objects in all
    (null where only curves are known; their precision counts 1 for a class of which nothing passes)."""

    confidence: float
    f1: Number
    precision: Number
    recall: Number
    found: Optional[int]
    right: Optional[int]
    instances: Optional[int]


class OtherDefinition(msgspec.Struct, frozen=True):
    """The best confidence by another definition than the operating point's. framework: as its picture prints it;
    highest: the exact maximum over all cuts; micro: counted over all classes together; iou75: at IoU 0.75."""

    key: Literal["framework", "highest", "micro", "iou75"]
    text: str
    confidence: float
    f1: float
    precision: Number
    recall: Number


class ThresholdClass(msgspec.Struct, frozen=True):
    """One class: where its own objective is best (``confidence``, in ``interval``, ``value``), what it has at the
    common operating point (``common``), and whether a threshold of its own is worth it: ``gain`` of the objective with
    its interval from the same resampled images. ``advised`` is the confidence to use for it."""

    name: str
    number: Optional[int]
    instances: Optional[int]
    images: Optional[int]
    confidence: Number
    interval: Optional[Range]
    value: Number
    common: Optional[Passing]
    gain: Number
    gain_interval: Optional[Range]
    advised: Number
    verdict: Literal["own", "common", "too_few", "no_objects", "unknown"]
    reason: str


class SweepClass(msgspec.Struct, frozen=True):
    """Detections of one class that pass each confidence of the sweep, and those of them that are right."""

    name: str
    number: int
    instances: int
    found: list[int]
    right: list[int]


class Sweep(msgspec.Struct, frozen=True):
    """What a slider reads: means over the classes at each confidence, and counts where detections are known."""

    confidence: list[float]
    f1: list[float]
    precision: list[Number]
    recall: list[float]
    found: Optional[list[int]]
    right: Optional[list[int]]
    instances: Optional[int]
    classes: list[SweepClass]


class ReliabilityBin(msgspec.Struct, frozen=True):
    """Detections of a range of confidences: how sure they were on average and how many of them were right."""

    low: float
    high: float
    count: int
    confidence: float
    precision: float
    interval: Range


class Calibration(msgspec.Struct, frozen=True):
    """Whether a confidence of .8 is right 8 times in 10: D-ECE, and LaECE which asks for the IoU; 0 is perfect."""

    bins: list[ReliabilityBin]
    d_ece: Number
    d_ece_interval: Optional[Range]
    la_ece: Number
    text: str


class Tested(msgspec.Struct, frozen=True):
    """The operating point on the test split, which had no part in choosing it."""

    images: int
    at: Passing
    f1_interval: Optional[Range]
    text: str


class DeployFile(msgspec.Struct, frozen=True):
    """What goes with the weights into production. ``classes`` holds only those with a threshold of their own."""

    format: int
    run: str
    weights: Optional[str]
    weights_sha256: Optional[str]
    imgsz: Optional[int]
    confidence: float
    classes: dict[str, float]
    objective: str
    f1: Number
    precision: Number
    recall: Number
    interval: Optional[Range]
    source: str
    sure: str
    made_by: str


class Deploy(msgspec.Struct, frozen=True):
    """Texts to copy. ``commands`` are command lines of the run's own framework, ``customer`` is a sentence for people
    who do not train models, ``file`` the deploy file and ``file_text`` the same as YAML."""

    python: Optional[str]
    commands: list[str]
    yaml: Optional[str]
    customer: str
    file: DeployFile
    file_text: str


class PictureRead(msgspec.Struct, frozen=True):
    """A curve picture of the run's that was read back."""

    file: str
    kind: Literal["f1", "p", "r", "pr"]
    group: str
    status: Literal["exact", "approximate", "unreadable"]
    confidence: Number
    value: Number
    reason: str


class ThresholdAnswer(msgspec.Struct, frozen=True):
    """``runlens threshold --json`` and HTTP ``threshold?run=NAME``.

    ``value`` is the objective at the operating point, in ``value_interval`` for other images of the kind; a maximum
    is chosen where luck was good, so ``expected`` is lower by ``optimism``. ``sure`` says in one sentence how sure this
    is, ``reason`` why something is unknown. ``usual`` is what the framework's default of 0.25 would give, ``knee`` the
    knee of precision, above which it rises more slowly. Nothing below ``cut`` was validated.
    """

    ok: Literal[True]
    schema: int
    run: str
    objective: str
    objective_text: str
    group: Optional[str]
    groups: list[str]
    operating_point: OperatingPoint
    validated: str
    images: Optional[int]
    value: Number
    value_interval: Optional[Range]
    expected: Number
    optimism: Number
    sure: str
    reason: str
    at: Optional[Passing]
    usual: Optional[Passing]
    knee: Optional[Passing]
    cut: Number
    definitions: list[OtherDefinition]
    classes: list[ThresholdClass]
    sweep: Optional[Sweep]
    calibration: Optional[Calibration]
    tested: Optional[Tested]
    deploy: Optional[Deploy]
    pictures: list[PictureRead]


class Confusion(msgspec.Struct, frozen=True):
    """``count`` of the ``of`` objects of class ``true`` were taken for ``predicted``: indices into names; the one after
    the last is the background."""

    predicted: int
    true: int
    count: int
    of: int
    share: float
    interval: Range


class ConfusionStep(msgspec.Struct, frozen=True):
    """The matrix at one confidence, null where a picture does not say which. ``cells`` are [predicted, true, count] of
    all that are not zero, ``ranked`` the confusions between classes, most frequent first."""

    confidence: Number
    cells: list[tuple[int, int, int]]
    ranked: list[Confusion]


class ConfusionAnswer(msgspec.Struct, frozen=True):
    """HTTP ``confusion?run=NAME``: how classes are taken for each other, at each confidence that was counted.

    Of a picture with shares only, ``shares`` holds [predicted, true, share of the true class] instead of counts.
    """

    ok: Literal[True]
    schema: int
    run: str
    names: list[str]
    background: bool
    source: Literal["recorded", "picture", "none"]
    status: Literal["exact", "approximate", "unreadable", "unknown"]
    reason: str
    validated: str
    chosen: Number
    steps: list[ConfusionStep]
    shares: Optional[list[tuple[int, int, float]]]
