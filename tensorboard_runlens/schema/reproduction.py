"""The JSON of what it takes to train a run once more."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec


class Rebuilt(msgspec.Struct, frozen=True):
    """``line`` is the command that trains once more, null where it is not known; ``notes`` are sentences on what it
    leaves open."""

    line: Optional[str]
    notes: list[str]


class EnvironmentFact(msgspec.Struct, frozen=True):
    """What a run was trained with, null where no file tells; ``source`` is what does, or what would."""

    name: str
    value: Optional[str]
    source: str


class Check(msgspec.Struct, frozen=True):
    """What must be the same for a training to be repeated. ``at_risk`` is stated, and may yet differ next time."""

    item: str
    value: Optional[str]
    status: Literal["known", "at_risk", "unknown"]
    why: str


class Ancestor(msgspec.Struct, frozen=True):
    """``weights`` that a training began with, and the ``run`` of the logdir that made them."""

    weights: Optional[str]
    run: Optional[str]
    how: Literal["continues", "starts from"]


class Reproduction(msgspec.Struct, frozen=True):
    """``lineage`` has the nearest weights first; the arguments are in ``config``."""

    command: Rebuilt
    environment: list[EnvironmentFact]
    checks: list[Check]
    lineage: list[Ancestor]
