"""The JSON of a diagnosis with what to do about it, and of what could not be read or judged."""

from __future__ import annotations

from typing import Optional, Union

import msgspec

from tensorboard_runlens.schema.terms import Confidence, Evidence, Severity, Span


class Change(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One training argument to change."""

    arg: str
    before: Union[bool, int, float, str, None]
    after: Union[bool, int, float, str, None]


class Advice(msgspec.Struct, frozen=True):
    """What to do: a sentence, and where there is one the argument to change or the line to copy."""

    key: str
    text: str
    change: Optional[Change] = None
    command: Optional[str] = None


class Finding(msgspec.Struct, frozen=True):
    """One diagnosis: how much it matters (severity), how sure it is (confidence), and where to see it (span)."""

    rule: str
    severity: Severity
    confidence: Confidence
    summary: str
    evidence: dict[str, Evidence]
    span: Optional[Span]
    advice: list[Advice]


class Step(msgspec.Struct, frozen=True):
    """What to do next, and the ``rule`` whose finding asks for it."""

    rule: str
    advice: Advice


class FailedRule(msgspec.Struct, frozen=True):
    """A rule that raised: named, so that nobody takes its silence for health."""

    rule: str
    error: str


class Problem(msgspec.Struct, frozen=True):
    """What could not be read, or was read otherwise than it stands there. ``file`` is relative to the run."""

    file: str
    line: Optional[int]
    kind: str
    problem: str
