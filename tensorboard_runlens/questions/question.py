"""A question and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.rules import Finding

OK, INFO, WARNING, CRITICAL, UNKNOWN = "ok", "info", "warning", "critical", "unknown"


@dataclass(frozen=True)
class Question:
    """``answer`` is a sentence, ``level`` one of the words above; ``rules`` are those whose findings it rests on."""

    id: str
    question: str
    answer: str
    level: str
    rules: tuple[str, ...] = ()


def sure_findings(analysis: Analysis, rules: Iterable[str]) -> list[Finding]:
    """The findings of these rules that are more than a guess, the weightiest first."""
    wanted = set(rules)
    return [one for one in analysis.findings if one.rule in wanted and one.confidence != "low"]


def ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The rules of findings."""
    return tuple(one.rule for one in findings)


def inside(sentence: str) -> str:
    """A sentence as it goes on after a colon: without its full stop; abbreviations keep their capitals."""
    begin = sentence[:1].lower() if sentence[1:2].islower() else sentence[:1]
    return f"{begin}{sentence[1:].rstrip('.')}"
