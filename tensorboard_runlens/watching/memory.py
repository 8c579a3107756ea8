"""What a watch knows of each training: findings seen, told and taken back. This is all that outlives it."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

FORMAT = 1
"""Number of the state file's format; a file of another one is not read."""

Status = Literal["seen", "told", "noted", "withdrawn"]
"""seen: not told yet. noted: stood there when the watch began, and is not told. withdrawn: told, and taken back."""


class Sighting(msgspec.Struct):
    """A finding of a training. ``since`` is the number of epochs when it was first seen without a gap, ``gone`` when
    it was first missed since it was told; ``summary`` is what was told, ``severity`` how severe that was."""

    since: int
    status: Status = "seen"
    gone: Optional[int] = None
    summary: str = ""
    severity: str = "info"


class Training(msgspec.Struct):
    """One training in a run's folder, and its findings by key (see noticing.py).

    ``first`` are the values of its first epoch by column: by them it is told from another one in the same folder.
    ``epochs`` is how many were logged, ``ran`` whether it was seen running since it was last told to have finished,
    ``shrunk`` whether the last look found fewer epochs, ``looked`` when it was last there, seconds since 1970.
    """

    first: dict[str, float] = {}
    epochs: int = 0
    ran: bool = False
    shrunk: bool = False
    looked: float = 0.0
    findings: dict[str, Sighting] = {}


class Order(msgspec.Struct):
    """What the user's command gets: a line of JSON, and variables of its environment by their names without prefix."""

    line: str
    variables: dict[str, str]


class Memory(msgspec.Struct):
    """Every training by the name of its run, the commands that have not begun yet, the oldest first, and what was said
    about folders and settings. ``begun`` tells a watch that has looked from one that never did."""

    format: int = FORMAT
    begun: bool = False
    trainings: dict[str, Training] = {}
    waiting: list[Order] = []
    said: list[str] = []
