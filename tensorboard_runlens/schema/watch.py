"""The JSON of ``runlens watch``: a line for each thing that is told."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.finding import Advice
from tensorboard_runlens.schema.terms import Severity, State

Told = Literal["finding", "withdrawn", "finished"]


class WatchEvent(msgspec.Struct, frozen=True):
    """A line of ``runlens watch --json``, and what the command of ``--exec`` reads on its standard input.

    ``event`` is finding, withdrawn (one that was told and holds no longer) or finished, whose ``rule`` is "finished".
    ``at`` is when it is told, seconds since 1970; ``logdir`` the folder's own name. ``epoch`` is the newest one.
    """

    ok: Literal[True]
    schema: int
    event: Told
    at: float
    logdir: str
    run: str
    rule: str
    severity: Severity
    summary: str
    state: State
    epoch: Optional[int]
    planned: Optional[int]
    advice: list[Advice]
