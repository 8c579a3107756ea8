"""analyse(run) -> Analysis: the one place that assembles an answer from facts, signals and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Callable, Optional

from tensorboard_runlens.actions.contradictions import without_contradictions
from tensorboard_runlens.grades import Grade, grade_of
from tensorboard_runlens.headline import headline, leading_finding
from tensorboard_runlens.next_step import TOO_SHORT, NextStep, next_step
from tensorboard_runlens.rules import Finding, Rule, all_rules
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import CONFIDENCES, Overfitting
from tensorboard_runlens.surroundings import ALONE, Surroundings
from tensorboard_runlens.thresholds.of_run.from_metrics import point_of_run
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.weights import Weights, weights_to_use

SEVERITIES = ("info", "warning", "critical")
UNJUDGED = ("too_short", "unknown")
"""Verdicts that say nothing: a run with such a one is not called healthy."""


@dataclass(frozen=True)
class Health:
    """ok, info, warning, critical or no_verdict, and the rule that says so."""

    level: str
    rule: Optional[str]


@dataclass(frozen=True)
class FailedRule:
    """A rule that raised, and what."""

    rule: str
    error: str


@dataclass(frozen=True)
class Analysis:
    """All that RunLens has to say about a run at one moment; spans of findings are row indices.

    ``findings`` come the weightiest first; ``failed_rules`` are the rules that raised. ``closer_point`` is the
    operating point that detections or a picture tell, None where nobody has looked into them. ``grade`` is a word for
    mAP50, None where that was not measured.
    """

    run: Run
    signals: Signals
    findings: Sequence[Finding]
    failed_rules: Sequence[FailedRule]
    health: Health
    weights: Weights
    next_step: NextStep
    headline: str
    grade: Optional[Grade] = None
    closer_point: Optional[OperatingPoint] = None

    @property
    def surroundings(self) -> Surroundings:
        """What is known about the run beyond its own files."""
        return self.signals.surroundings

    @property
    def state(self) -> str:
        """Where the run stands, one of schema.State."""
        return self.signals.state

    @property
    def overfitting(self) -> Overfitting:
        """The two-axis verdict."""
        return self.signals.overfitting

    @property
    def operating_point(self) -> OperatingPoint:
        """The confidence to deploy best.pt with, as far as it is known."""
        return self.closer_point or point_of_run(self.run, self.signals.best_metrics)

    @property
    def confidence(self) -> Optional[float]:
        """The confidence to use the recommended weights with: known of best.pt only, wherever that lies. A model that
        finds next to nothing has its best F1 at 0, which is no threshold."""
        use = self.weights.use
        is_best = self.signals.keeps_best if use is None else use.endswith("best.pt")
        return self.operating_point.confidence or None if is_best else None


def analyse(
    run: Run,
    settings: Optional[Settings] = None,
    now: Optional[float] = None,
    rules: Callable[[], Sequence[Rule]] = all_rules,
    surroundings: Surroundings = ALONE,
) -> Analysis:
    """Judges one run. A rule that raises is listed as failed, and the others go on; ``now`` is seconds since 1970."""
    settings = settings or Settings()
    signals = Signals(run, now, surroundings, settings.targets)
    (found, failed) = _apply(rules(), signals, settings)
    standing = sorted(_not_withdrawn(rules(), found), key=_weight)
    step = next_step(signals, standing)
    findings = without_contradictions(standing, step.implied)
    weights = weights_to_use(signals)
    return Analysis(
        run=run,
        signals=signals,
        findings=findings,
        failed_rules=failed,
        health=_health(findings, signals),
        weights=weights,
        next_step=step,
        headline=headline(signals, findings, weights, step),
        grade=grade_of(signals.best_metrics, settings.grades),
    )


def _apply(
    rules: Sequence[Rule], signals: Signals, settings: Settings
) -> tuple[list[Finding], list[FailedRule]]:
    findings: list[Finding] = []
    failed: list[FailedRule] = []
    for rule in rules:
        if rule.id in settings.off:
            continue
        try:
            finding = rule.check(signals, rule.limits_in_force(settings.limits.get(rule.id, {})))
        except Exception as error:  # one broken rule must not hide the others
            failed.append(FailedRule(rule.id, f"{type(error).__name__}: {error}"[:200]))
            continue
        if finding:
            findings.append(replace(finding, rule=rule.id))
    return (findings, failed)


def _not_withdrawn(rules: Sequence[Rule], findings: Sequence[Finding]) -> list[Finding]:
    """The findings but for those that another rule's explains better."""
    withdrawn_by = {rule.id: rule.withdrawn_by for rule in rules}
    by_rule = {finding.rule: finding for finding in findings}
    return [
        finding
        for finding in findings
        if not any(
            _outweighs(by_rule[stronger], finding)
            for stronger in withdrawn_by[finding.rule]
            if stronger in by_rule
        )
    ]


def _outweighs(stronger: Finding, weaker: Finding) -> bool:
    """Whether it is as sure and as severe. Where a run is too short to be judged, nothing is severe."""
    as_sure = CONFIDENCES.index(stronger.confidence) >= CONFIDENCES.index(weaker.confidence)
    as_severe = SEVERITIES.index(stronger.severity) >= SEVERITIES.index(weaker.severity)
    return as_sure and (as_severe or stronger.rule == TOO_SHORT)


def _weight(finding: Finding) -> tuple[int, int]:
    """Sorts by what counts, sure and severe first; among equals the order of the rules stays."""
    return (-level_of(finding), -SEVERITIES.index(finding.severity))


def level_of(finding: Finding) -> int:
    """Index into SEVERITIES of what a finding may do to a run's health: nothing of low confidence raises an alarm."""
    return 0 if finding.confidence == "low" else SEVERITIES.index(finding.severity)


def _health(findings: Sequence[Finding], signals: Signals) -> Health:
    if findings and level_of(findings[0]) > 0:
        return Health(SEVERITIES[level_of(findings[0])], findings[0].rule)
    if any(finding.rule == TOO_SHORT for finding in findings):
        return Health("no_verdict", TOO_SHORT)
    if signals.overfitting.verdict in UNJUDGED and not signals.short_by_design:
        return Health("no_verdict", None)
    if not findings:
        return Health("ok", None)
    # Beside the headline stands what the headline begins with.
    return Health("info", (leading_finding(findings) or findings[0]).rule)
