"""An analysis as a watch sees it: what is worth telling now, and how long it must hold on first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import SEVERITIES, Analysis, level_of
from tensorboard_runlens.next_step import TOO_SHORT
from tensorboard_runlens.rules import Finding, all_rules
from tensorboard_runlens.watching.noticing import DEATH, Glance, Present

STEADY_EPOCHS = 1
"""A finding about curves must hold at two epochs in a row. On 200 real trainings more made the alarms later and hardly
truer (benchmarks/watch_replay.py)."""

STEADY_EPOCHS_OF = {"not-learning": 15}
"""Rules that must hold for longer: of 21 trainings that had learnt nothing after ten epochs, 12 began to within another
fifteen (benchmarks/watch_replay.py)."""

DIED = "interrupted"
"""The rule that speaks of a training's death."""

AT_ONCE = ("non-finite", DIED)
"""Findings about single epochs, which no later epoch makes untrue; so is all that has no span, since it rests on no
curve: data, arguments, the machine."""

OF_THE_REST = ("plateau", "late-end", "patience-unreachable")
"""Findings about the epochs that are left: when none are they are out of date and not wrong."""

GOING_ON = ("running", "stale", "interrupted", "empty")
"""States in which more epochs may come."""

ENDED = ("finished", "early_stopped", "diverged")
"""States of a training that came to its end."""


def glance_of(analysis: Analysis, level: str, now: float) -> Glance:
    """What stands there ``now``; findings below ``level``, one of SEVERITIES, or of low confidence raise no alarm."""
    state = analysis.state
    over = state not in GOING_ON
    silent = _silent(analysis, now)
    present = {
        _key(analysis, finding): Present(_alarms(analysis, finding, level, silent), _hold(finding))
        for finding in analysis.findings
    }
    explained = {rule: Present(alarms=False) for rule in _explained(analysis.findings)}
    out_of_date = {rule: Present(alarms=False) for rule in OF_THE_REST if over}
    return Glance(
        epochs=analysis.signals.rows,
        present={**explained, **out_of_date, **present},
        settled=state in ENDED or (state != "running" and silent),
        over=over,
    )


def by_key(analysis: Analysis) -> Mapping[str, Finding]:
    """The findings of a run by key."""
    return {_key(analysis, finding): finding for finding in analysis.findings}


def rule_of(key: str) -> str:
    """The id of the rule that a key stands for."""
    return key.partition(DEATH)[0]


def _key(analysis: Analysis, finding: Finding) -> str:
    if finding.rule != DIED:
        return finding.rule
    return f"{finding.rule}{DEATH}{analysis.signals.rows}"


def _alarms(analysis: Analysis, finding: Finding, level: str, silent: bool) -> bool:
    if finding.confidence == "low" or level_of(finding) < SEVERITIES.index(level):
        return False
    if finding.rule == TOO_SHORT:
        return analysis.state != "running"  # whatever has just begun is too short
    if finding.rule == DIED:
        return silent or analysis.signals.ended is not None
    return True


def _hold(finding: Finding) -> int:
    if finding.span is None or finding.rule in AT_ONCE:
        return 0
    return STEADY_EPOCHS_OF.get(finding.rule, STEADY_EPOCHS)


def _silent(analysis: Analysis, now: float) -> bool:
    """Whether the newest file is not of these minutes: a training that is copied here while it runs looks interrupted.
    One of a time to come says that clocks disagree, not that somebody has just written it."""
    newest = analysis.run.files.newest
    return newest is None or abs(now - newest) > lifecycle.SILENCE_MIN_S


def _explained(findings: Sequence[Finding]) -> Iterator[str]:
    """Rules that are not shown since another's finding says more: what was told of them is not taken back."""
    shown = {finding.rule for finding in findings}
    return (rule.id for rule in all_rules() if shown.intersection(rule.withdrawn_by))
