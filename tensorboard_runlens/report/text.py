"""What the terminal shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.words import metric_words

SHAPE = {"ok": "●", "info": "●", "warning": "▲", "critical": "■", "no_verdict": "◌"}
"""Health is told by shape and word, so that it needs no colour."""


def printable(text: str) -> str:
    """Text without control and direction characters: names come from strangers, and terminals obey them."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else "�" for sign in text)


def scan(
    analyses: Sequence[Analysis], unreadable: Sequence[Unreadable], notes: Sequence[str]
) -> str:
    """A line a run and its headline, best first."""
    width = max((len(printable(analysis.run.name)) for analysis in analyses), default=0)
    lines: list[str] = []
    for analysis in analyses:
        name = printable(analysis.run.name).ljust(width)
        lines.append(
            f"{SHAPE[analysis.health.level]} {name}  {_value(analysis):>6}  {analysis.state}"
        )
        lines.append(f"    {printable(analysis.headline)}")
    lines += [
        f"could not be read: {printable(one.path)}: {printable(one.reason)}" for one in unreadable
    ]
    lines += [f"note: {printable(note)}" for note in notes]
    return "\n".join(lines)


def show(analysis: Analysis) -> str:
    """One run in full."""
    run = analysis.run
    lines = [
        f"{SHAPE[analysis.health.level]} {printable(run.name)}: {run.task}, {run.framework}, {analysis.state}",
        printable(analysis.headline),
        f"weights: {printable(analysis.weights.use or 'none in this folder')} ({analysis.weights.why})",
    ]
    for group, named in analysis.signals.best_metrics.items():
        values = [
            f"{metric_words('box', name)} {_number(value)}" for (name, value) in named.items()
        ]
        lines.append(f"{group}: {', '.join(values)}")
    for finding in analysis.findings:
        lines.append(
            f"[{finding.severity}, {finding.confidence} confidence] {printable(finding.summary)} ({finding.rule})"
        )
        lines += [
            f"    {printable(one.text)}{f'  {one.command}' if one.command else ''}"
            for one in finding.advice
        ]
    lines += [f"rule {one.rule} failed: {printable(one.error)}" for one in analysis.failed_rules]
    for problem in run.problems:
        where = f" line {problem.line}" if problem.line else ""
        lines.append(f"problem: {printable(problem.file)}{where}: {printable(problem.problem)}")
    return "\n".join(lines)


def _value(analysis: Analysis) -> str:
    (metric, best) = (analysis.signals.metric, analysis.signals.best_row)
    return _number(None if metric is None or best is None else float(metric[best]))


def _number(value: Optional[float]) -> str:
    return "-" if value is None or value != value else f"{value:.3f}"
