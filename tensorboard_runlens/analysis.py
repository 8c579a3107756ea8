"""analyse(run) -> Analysis: the one place that assembles an answer from facts, signals and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable, Optional

from tensorboard_runlens.headline import headline
from tensorboard_runlens.rules import Finding, Rule, all_rules
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import Overfitting
from tensorboard_runlens.weights import Weights, weights_to_use

SEVERITIES = ("info", "warning", "critical")
NO_VERDICT = "too-short"
"""The rule that says why there is no verdict."""


@dataclass(frozen=True)
class Health:
    """ok, info, warning, critical or no_verdict, and the rule that says so."""

    level: str
    rule: Optional[str]


@dataclass(frozen=True)
class Analysis:
    """All that RunLens has to say about a run at one moment; rows in findings are row indices.

    ``findings`` are (rule id, finding), the weightiest first. ``failed_rules`` are (rule id,
    error): rules that raised.
    """

    run: Run
    signals: Signals
    findings: Sequence[tuple[str, Finding]]
    failed_rules: Sequence[tuple[str, str]]
    health: Health
    weights: Weights
    headline: str

    @property
    def state(self) -> str:
        """Where the run stands, one of schema.State."""
        return self.signals.state

    @property
    def overfitting(self) -> Overfitting:
        """The two-axis verdict."""
        return self.signals.overfitting


@dataclass
class _Outcome:
    findings: list[tuple[Rule, Finding]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def analyse(
    run: Run,
    settings: Optional[Settings] = None,
    now: Optional[float] = None,
    rules: Callable[[], Sequence[Rule]] = all_rules,
) -> Analysis:
    """Judges one run. A rule that raises is listed as failed, and the others go on; ``now`` is seconds since 1970."""
    settings = settings or Settings()
    signals = Signals(run, now)
    outcome = _apply(rules(), signals, settings)
    findings = [(rule.id, found) for (rule, found) in sorted(outcome.findings, key=_weight)]
    weights = weights_to_use(signals)
    return Analysis(
        run=run,
        signals=signals,
        findings=findings,
        failed_rules=outcome.failed,
        health=_health(findings),
        weights=weights,
        headline=headline(signals, findings, weights),
    )


def _apply(rules: Sequence[Rule], signals: Signals, settings: Settings) -> _Outcome:
    outcome = _Outcome()
    for rule in rules:
        if rule.id in settings.off:
            continue
        try:
            finding = rule.check(signals, rule.limits_in_force(settings.limits.get(rule.id, {})))
        except Exception as error:  # one broken rule must not hide the others
            outcome.failed.append((rule.id, f"{type(error).__name__}: {error}"[:200]))
            continue
        if finding:
            outcome.findings.append((rule, finding))
    return outcome


def _weight(entry: tuple[Rule, Finding]) -> tuple[int, int, int, str]:
    """Sorts by what counts: sure and severe first, and causes before their consequences."""
    (rule, finding) = entry
    return (-level_of(finding), -SEVERITIES.index(finding.severity), rule.rank, rule.id)


def level_of(finding: Finding) -> int:
    """Index into SEVERITIES of what a finding may do to a run's health: nothing of low confidence raises an alarm."""
    return 0 if finding.confidence == "low" else SEVERITIES.index(finding.severity)


def _health(findings: Sequence[tuple[str, Finding]]) -> Health:
    levels: dict[str, int] = {rule: level_of(finding) for (rule, finding) in findings}
    worst = max(levels, key=lambda rule: levels[rule], default=None)  # of equals the first
    if worst is not None and levels[worst] > 0:
        return Health(SEVERITIES[levels[worst]], worst)
    if NO_VERDICT in levels:
        return Health("no_verdict", NO_VERDICT)
    return Health("info", worst) if worst else Health("ok", None)
