"""The JSON of one training run, as far as every list of runs has it."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.finding import FailedRule, Finding, Problem
from tensorboard_runlens.schema.terms import (
    Confidence,
    Ended,
    Framework,
    HealthLevel,
    Number,
    Quality,
    Span,
    State,
    Task,
    Verdict,
)


class Health(msgspec.Struct, frozen=True):
    """The worst of the findings, or why there is no verdict."""

    level: HealthLevel
    rule: Optional[str]


class Weights(msgspec.Struct, frozen=True):
    """The checkpoint to deploy, as a path relative to the run."""

    use: Optional[str]
    why: str


class Version(msgspec.Struct, frozen=True):
    """What wrote the run: the releases that its files allow, both ends included."""

    min: Optional[str]
    max: Optional[str]
    source: str


class Dataset(msgspec.Struct, frozen=True):
    """Facts about the data, each null where no file tells."""

    fingerprint: Optional[str] = None
    n_train: Optional[int] = None
    n_val: Optional[int] = None
    n_classes: Optional[int] = None


class Time(msgspec.Struct, frozen=True):
    """Training time in all, median of one epoch, and the newest file's time, in seconds."""

    seconds: Number
    per_epoch: Number
    updated: Number


class Epochs(msgspec.Struct, frozen=True):
    """How far the run came; ``planned`` is a count, the others are the framework's epoch numbers or counts of rows."""

    rows: int
    logged: int
    first: Optional[int]
    last: Optional[int]
    planned: Optional[int]
    best: Optional[int]
    best_by: Optional[str]
    segments: list[Span]


class Overfitting(msgspec.Struct, frozen=True):
    """The two-axis verdict. ``excess`` .06 says the validation loss ends 6 % above its minimum."""

    verdict: Verdict
    loss_overfits: Optional[bool]
    quality: Quality
    component: Optional[str]
    onset: Optional[Span]
    confidence: Optional[Confidence]
    excess: Number


class OperatingPoint(msgspec.Struct, frozen=True):
    """The confidence to deploy with and what it gives, as far as the run's files can tell."""

    confidence: Number
    f1: Number
    precision: Number
    recall: Number
    interval: Optional[tuple[float, float]]
    plateau: Optional[tuple[float, float]]
    source: Literal["detections", "curves", "picture", "results", "none"]
    status: Literal["exact", "approximate", "unreadable", "unknown"]


class MainMetric(msgspec.Struct, frozen=True):
    """The number that ranks runs of this task, at the best epoch, e.g. box map50_95."""

    group: str
    name: str
    value: Number


class Target(msgspec.Struct, frozen=True, rename={"class_name": "class"}):
    """What the user wants the run to reach, of the model or (``class``) of one of its classes. ``target`` is the least
    that is wanted; above ``upper``, the same number where the user named one only, it is exceeded. ``margin`` is value
    less target. ``interval`` are the 95 % that the number of validated instances allows."""

    metric: str
    class_name: Optional[str]
    target: float
    upper: float
    value: Number
    status: Literal["met", "missed", "exceeded", "unknown"]
    margin: Number
    interval: Optional[tuple[float, float]]


class Grade(msgspec.Struct, frozen=True):
    """A word for mAP50 at the best epoch, and who says so: guide 001, or the user in runlens.yaml. It is no verdict."""

    name: str
    value: float
    source: Literal["guide 001", "runlens.yaml"]


class Mark(msgspec.Struct, frozen=True):
    """A known event on the epoch axis: mosaic_closed, resumed."""

    epoch: int
    kind: Literal["mosaic_closed", "resumed"]


class Relations(msgspec.Struct, frozen=True):
    """Other runs of the logdir by name: whose weights it started from, which it continues, which continue it,
    copies of it, and the same training with other seeds."""

    starts_from: Optional[str] = None
    continues: Optional[str] = None
    continued_by: list[str] = []
    duplicates: list[str] = []
    repeats: list[str] = []


class Run(msgspec.Struct, frozen=True):
    """One training run: facts, verdicts and what to do.

    ``ended`` is why the training broke off, null where it did not, or nothing says. ``stage`` is one of several
    trainings that a program needs (PartiNet: step1, step2). ``targets``, ``note`` and
    ``tags`` are the user's own, from runlens.yaml.
    """

    name: str
    headline: str
    health: Health
    weights: Weights
    framework: Framework
    task: Task
    version: Optional[Version]
    dataset: Dataset
    state: State
    ended: Optional[Ended]
    time: Time
    axis: Literal["epoch", "iteration"]
    epochs: Epochs
    metrics: dict[str, dict[str, Number]]
    main_metric: Optional[MainMetric]
    overfitting: Overfitting
    operating_point: OperatingPoint
    findings: list[Finding]
    failed_rules: list[FailedRule]
    problems: list[Problem]
    files: dict[str, list[str]]
    marks: list[Mark]
    stage: Optional[str]
    relations: Relations
    targets: list[Target]
    grade: Optional[Grade]
    note: Optional[str]
    tags: list[str]
