"""The JSON of ``runlens digest``: what happened to the runs of a logdir since a moment, and what to do now."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.run import MainMetric
from tensorboard_runlens.schema.runs import Standing
from tensorboard_runlens.schema.terms import Ended, Number, State


class Finished(msgspec.Struct, frozen=True):
    """A training that came to its end. ``at`` is when, seconds since 1970; ``note`` and ``tags`` are the user's own."""

    run: str
    state: State
    at: Number
    epochs: int
    planned: Optional[int]
    seconds: Number
    main_metric: Optional[MainMetric]
    note: Optional[str]
    tags: list[str]
    said: str


class Died(msgspec.Struct, frozen=True):
    """A training that broke off or fell silent: after which epoch, and why where a log or the recorder knows.
    ``command`` resumes it."""

    run: str
    state: State
    at: Number
    epoch: Optional[int]
    planned: Optional[int]
    why: Optional[Ended]
    command: Optional[str]
    said: str


class Improved(msgspec.Struct, frozen=True):
    """A run that is better than the baseline by more than noise; ``delta`` and ``interval`` are fractions."""

    run: str
    delta: Number
    interval: Optional[tuple[float, float]]
    said: str


class StillRunning(msgspec.Struct, frozen=True):
    """A training that goes on: ``per_epoch`` in seconds, ``ends`` when the plan will be done, seconds since 1970."""

    run: str
    epoch: Optional[int]
    planned: Optional[int]
    per_epoch: Number
    ends: Number
    standing: Optional[Standing]
    said: str


class Idle(msgspec.Struct, frozen=True):
    """A stretch in which none of the logdir's trainings ran; ``until`` is null where that is still so."""

    since: float
    until: Optional[float]
    said: str


class Freeable(msgspec.Struct, frozen=True):
    """Checkpoints of a run that ``runlens prune`` would delete."""

    run: str
    files: int
    bytes: int


class Disk(msgspec.Struct, frozen=True):
    """What pruning would free in all, and where most of it lies."""

    files: int
    bytes: int
    runs: list[Freeable]
    said: Optional[str]


class NextCommand(msgspec.Struct, frozen=True):
    """What to do now; ``run`` is null where it is about none in particular, ``command`` is a line to copy."""

    run: Optional[str]
    said: str
    command: Optional[str]


class DigestAnswer(msgspec.Struct, frozen=True):
    """``runlens digest --json`` and HTTP ``digest?since=12h``. ``since`` and ``until`` are seconds since 1970;
    ``headline`` is the whole in one sentence. Every list has the most important first."""

    ok: Literal[True]
    schema: int
    logdir: str
    since: float
    until: float
    baseline: Optional[str]
    headline: str
    finished: list[Finished]
    died: list[Died]
    improved: list[Improved]
    running: list[StillRunning]
    idle: list[Idle]
    disk: Disk
    next: list[NextCommand]
    notes: list[str]
