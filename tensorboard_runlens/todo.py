"""What to do next about a run: the remedies in their order for its own page, and the first in a few words for a row.

They follow what was decided for the headline (next_step.py) and add what that does not say: the remedy with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens import next_step
from tensorboard_runlens.actions.learning_rate import AUTO_IGNORES
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.plain_values import as_text, without_absolute_paths
from tensorboard_runlens.rules import Advice, Finding

SAID = ("use-best", "keep-going", "by-metric", "wait")
"""Remedies that the headline's last words already are, or that ask for nothing."""

MAX_LENGTH = 120
"""Characters of it: a line below the run's name."""

MAX_LINE = 40
"""Characters up to which a changed argument is named with its new value."""

SENTENCE_END = re.compile(r"(?<=[.?])\s+")

NAMED = "and an optimizer by name"
"""With optimizer=auto the rate alone would be ignored."""


@dataclass(frozen=True)
class Step:
    """A remedy, and the rule whose finding it is for."""

    rule: str
    advice: Advice


def todo(analysis: Analysis) -> Optional[str]:
    """A few words without a full stop; None where there is nothing to do but what the headline says."""
    first = next(iter(steps(analysis)), None)
    if first is not None:
        return _in_short(first.advice)
    if analysis.state == "running" or analysis.confidence is None:
        return None
    return f"Predict with conf={analysis.confidence:.3f}"


def steps(analysis: Analysis) -> list[Step]:
    """The first remedy of each finding that the headline does not say, the weightiest first: of the findings that the
    decided step rests on, then of the others."""
    if analysis.next_step.kind in (next_step.NOTHING, next_step.CONTINUED):
        return []
    findings = (*analysis.next_step.because, *_telling(analysis))
    rules = dict.fromkeys(finding.rule for finding in findings)
    return [step for rule in rules for step in _first(analysis, rule)]


def _telling(analysis: Analysis) -> Iterable[Finding]:
    """Those that are sure enough to act upon; while a training runs only what is wrong with it."""
    running = analysis.state == "running"
    for finding in analysis.findings:
        if finding.confidence != "low" and not (running and finding.severity == "info"):
            yield finding


def _first(analysis: Analysis, rule: str) -> list[Step]:
    """Of its finding without what contradicts a weightier one: the step was decided before that was sorted out."""
    standing = next((one.advice for one in analysis.findings if one.rule == rule), ())
    return [Step(rule, one) for one in standing if one.key not in SAID][:1]


def _in_short(advice: Advice) -> str:
    """Its first sentence, with the argument to change where that is short."""
    words = SENTENCE_END.split(advice.text, maxsplit=1)[0].rstrip(".")
    said = without_absolute_paths(words) + _line(advice)
    return said if len(said) <= MAX_LENGTH else f"{said[: MAX_LENGTH - 1]}…"


def _line(advice: Advice) -> str:
    if advice.change is None or advice.change[2] is None:
        return ""
    line = f"{advice.change[0]}={as_text(advice.change[2])}"
    if len(line) > MAX_LINE or line in advice.text:
        return ""
    return f" ({line} {NAMED})" if AUTO_IGNORES in advice.text else f" ({line})"
