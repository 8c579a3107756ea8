"""A finding as the JSON struct: with epochs for rows."""

from __future__ import annotations

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis, FailedRule
from tensorboard_runlens.plain_values import rounded, without_absolute_paths
from tensorboard_runlens.rules import Advice, Finding


def finding_of(analysis: Analysis, finding: Finding) -> schema.Finding:
    """The finding with the epochs at which it is seen."""
    return schema.Finding(
        rule=finding.rule,
        severity=finding.severity,  # type: ignore[arg-type]
        confidence=finding.confidence,  # type: ignore[arg-type]
        summary=finding.summary,
        evidence={
            key: rounded(value) if isinstance(value, float) else value
            for (key, value) in finding.evidence.items()
        },
        span=None if finding.span is None else span_of(analysis, finding.span),
        advice=[advice_of(one) for one in finding.advice],
    )


def advice_of(advice: Advice) -> schema.Advice:
    """What to do, as text and as the line that does it."""
    change = schema.Change(*advice.change) if advice.change else None
    return schema.Advice(advice.key, advice.text, change, advice.command)


def failed_rule(failed: FailedRule) -> schema.FailedRule:
    """A rule that raised, without other people's paths."""
    return schema.FailedRule(failed.rule, without_absolute_paths(failed.error))


def span_of(analysis: Analysis, rows: tuple[int, int]) -> tuple[int, int]:
    """First and last row as the framework's epoch numbers."""
    return (analysis.signals.epoch(rows[0]), analysis.signals.epoch(rows[1]))
