"""The JSON answers about the runs of a logdir, and the one that says why there is none."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.detailed_run import DetailedRun
from tensorboard_runlens.schema.run import Run
from tensorboard_runlens.schema.terms import ErrorCode, Number


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


class TableRow(msgspec.Struct, frozen=True):
    """A row of the Runs page: the run, at most 40 points of its main metric, and whether it is the newest."""

    run: Run
    sparkline: list[Number]
    latest: bool


class Progress(msgspec.Struct, frozen=True):
    """How far the scan has come; ``total`` is null while folders are still being found."""

    read: int
    total: Optional[int]
    complete: bool


class TableAnswer(msgspec.Struct, frozen=True):
    """The Runs page's own route ``table``, private to the tab."""

    ok: Literal[True]
    schema: int
    logdir: str
    progress: Progress
    notes: list[str]
    rows: list[TableRow]
    unreadable: list[Unreadable]
