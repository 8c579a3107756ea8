"""What is told, as the line that people read and the JSON that programs read."""

from __future__ import annotations

import time

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.findings import advice_of
from tensorboard_runlens.report.text import printable
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.schema import SCHEMA_VERSION
from tensorboard_runlens.schema.watch import Told, WatchEvent
from tensorboard_runlens.watching.memory import Sighting

FINISHED = "finished"


def found(analysis: Analysis, finding: Finding, logdir: str, now: float) -> WatchEvent:
    """A finding that is told."""
    told = _event(analysis, "finding", finding.rule, finding.severity, finding.summary, logdir, now)
    told.advice.extend(advice_of(one) for one in finding.advice)
    return told


def taken_back(
    analysis: Analysis, rule: str, told: Sighting, logdir: str, now: float
) -> WatchEvent:
    """A finding that was told and holds no longer."""
    summary = f"No longer so: {told.summary}"
    return _event(analysis, "withdrawn", rule, told.severity, summary, logdir, now)


def finished(analysis: Analysis, logdir: str, now: float) -> WatchEvent:
    """A training that came to its end as it should."""
    return _event(analysis, "finished", FINISHED, "info", analysis.headline, logdir, now)


def line(event: WatchEvent) -> str:
    """One line for the terminal: time, what it is, run, rule, summary."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.at))
    what = event.severity if event.event == "finding" else event.event
    rule = "" if event.event == "finished" else f"  {event.rule}"
    return printable(f"{when}  {what:9}  {event.run}{rule}  {event.summary}")


def _event(
    analysis: Analysis,
    event: Told,
    rule: str,
    severity: str,
    summary: str,
    logdir: str,
    now: float,
) -> WatchEvent:
    return WatchEvent(
        ok=True,
        schema=SCHEMA_VERSION,
        event=event,
        at=round(now, 3),
        logdir=logdir,
        run=analysis.run.name,
        rule=rule,
        severity=severity,  # type: ignore[arg-type]
        summary=summary,
        state=analysis.state,  # type: ignore[arg-type]
        epoch=analysis.signals.last_epoch,
        planned=lifecycle.planned_epochs(analysis.run),
        advice=[],
    )
