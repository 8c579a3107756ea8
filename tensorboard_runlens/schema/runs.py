"""The JSON answers about the runs of a logdir, and the one that says why there is none."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.detailed_run import DetailedRun
from tensorboard_runlens.schema.run import Health, MainMetric, Run
from tensorboard_runlens.schema.terms import Ended, ErrorCode, Framework, Number, State, Task


class Unreadable(msgspec.Struct, frozen=True):
    """A folder that looks like a run and could not be read as one."""

    path: str
    reason: str


class Failure(msgspec.Struct, frozen=True):
    """Why there is no answer; the message is one sentence for a person."""

    code: ErrorCode
    message: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    ok: Literal[False]
    schema: int
    error: Failure


class ScanAnswer(msgspec.Struct, frozen=True):
    """``runlens scan --json`` and HTTP ``runs``: every run, best first."""

    ok: Literal[True]
    schema: int
    runs: list[Run]
    unreadable: list[Unreadable]


class ShowAnswer(msgspec.Struct, frozen=True):
    """``runlens show --json`` and HTTP ``run?run=NAME``."""

    ok: Literal[True]
    schema: int
    run: DetailedRun


class DataGroup(msgspec.Struct, frozen=True):
    """Runs that validated the same images as far as that is known, among which ranking means something.

    ``known`` says how: ``images`` by the fingerprint of the validation images, ``named`` by the name of the data file,
    the numbers of images and classes, which proves nothing; ``unknown`` where a run tells nothing of its data.
    """

    label: str
    known: Literal["images", "named", "unknown"]
    fingerprint: Optional[str]
    n_val: Optional[int]
    n_classes: Optional[int]


class TableRow(msgspec.Struct, frozen=True):
    """A row of the Runs page: what its columns show, and nothing more, since a logdir may have 10,000 of them.

    Metrics are those of the best epoch, ``confidence`` the one to deploy with and ``interval`` how sure that is.
    ``data`` is an index into the answer's ``data``. ``step`` is the most important thing to do next, ``model`` the
    model as its arguments name it, ``to_95`` the epochs trained until 95 % of the best, ``unrest`` the noise of the
    main metric in the second half (a standard deviation), ``left`` the seconds until the planned end of a running
    training. ``sparkline`` has at most 40 points of the main metric; ``latest`` marks the newest run.
    """

    name: str
    headline: str
    step: Optional[str]
    health: Health
    framework: Framework
    task: Task
    state: State
    ended: Optional[Ended]
    stage: Optional[str]
    axis: Literal["epoch", "iteration"]
    model: Optional[str]
    data: int
    logged: int
    planned: Optional[int]
    best: Optional[int]
    main_metric: Optional[MainMetric]
    precision: Number
    recall: Number
    f1: Number
    f1_best: Number
    confidence: Number
    interval: Optional[tuple[float, float]]
    to_95: Optional[int]
    unrest: Number
    seconds: Number
    per_epoch: Number
    left: Number
    updated: Number
    continued_by: list[str]
    duplicates: list[str]
    repeats: int
    target: Optional[Literal["met", "missed", "exceeded", "unknown"]]
    grade: Optional[str]
    note: Optional[str]
    tags: list[str]
    sparkline: list[Number]
    latest: bool


class Progress(msgspec.Struct, frozen=True):
    """How far the scan has come; ``total`` is null while folders are still being found."""

    read: int
    total: Optional[int]
    complete: bool


class TableAnswer(msgspec.Struct, frozen=True):
    """The Runs page's own route ``table``, private to the tab. ``baseline`` is the run that runlens.yaml names."""

    ok: Literal[True]
    schema: int
    logdir: str
    progress: Progress
    notes: list[str]
    baseline: Optional[str]
    data: list[DataGroup]
    rows: list[TableRow]
    unreadable: list[Unreadable]


class Standing(msgspec.Struct, frozen=True):
    """How a training that goes on stands to the baseline: ``delta`` at the same ``epoch``, a fraction, and whether it
    will have beaten the baseline's end at its own: ``chance`` 0..1, in one word ``outlook``. Null where that is not
    known."""

    epoch: int
    delta: Number
    chance: Number
    outlook: Optional[Literal["likely", "open", "unlikely"]]
    said: str


class Against(msgspec.Struct, frozen=True):
    """The main metric of a run against the baseline's, by their tables: fractions, and the reason in words.
    ``standing`` is that of a training that goes on, null for others."""

    run: str
    delta: Number
    interval: Optional[tuple[float, float]]
    verdict: Literal["better", "worse", "tie", "not_comparable"]
    reason: str
    standing: Optional[Standing] = None


class AgainstAnswer(msgspec.Struct, frozen=True):
    """The Runs page's own route ``against?baseline=NAME``: every other run against one. Private to the tab."""

    ok: Literal[True]
    schema: int
    baseline: str
    runs: list[Against]
