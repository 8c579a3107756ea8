"""The JSON of a rule's own words, for whoever asks why it spoke."""

from __future__ import annotations

from typing import Literal

import msgspec


class RuleLimit(msgspec.Struct, frozen=True):
    """A threshold of a rule: the value in force, that without runlens.yaml, and where the latter comes from."""

    name: str
    value: float
    default: float
    why: str


class RuleAnswer(msgspec.Struct, frozen=True):
    """HTTP ``rule?id=RULE``: what a rule says, why that matters, how it decides, where that is from, and its limits.

    ``change`` are the lines for runlens.yaml that set its first limit, or switch it off where it has none.
    """

    ok: Literal[True]
    schema: int
    rule: str
    title: str
    says: str
    why: str
    decides: str
    source: str
    limits: list[RuleLimit]
    change: str
