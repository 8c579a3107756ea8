"""One sentence a run: how it stands and what to do. It says what the weightiest finding says, never the contrary."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from tensorboard_runlens.fitness import BY_LOSS
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import Weights
from tensorboard_runlens.words import count, metric_words

USELESS = ("not-learning", "never-generalised")
"""Rules after which, when critical, no epoch is worth deploying."""

TOO_SHORT = "too-short"

STANDING_FIRST = ("early-stopped", "appended-runs", "best-not-last")
"""Findings that add to the standing without being what the run is about."""

OF_THE_MACHINE = ("gpu-memory", "input-bound", "throughput-drift")
"""Findings on speed: only a warning of these is what the run is about."""


def headline(signals: Signals, findings: Sequence[Finding], weights: Weights) -> str:
    """The sentence; ``findings`` come the weightiest first."""
    if not signals.rows:
        return _nothing_to_judge(signals)
    sure = [one for one in findings if one.confidence != "low"]
    leading = next((one for one in sure if _leads(one)), None)
    standing = _standing(signals)
    said = f"{leading.clause}: {standing[0].lower()}{standing[1:]}" if leading else standing
    action = _action(signals, findings, weights)
    return "; ".join(part for part in (said, action) if part) + "."


def _leads(finding: Finding) -> bool:
    """Whether a finding may be what the sentence begins with."""
    if finding.rule in OF_THE_MACHINE:
        return finding.severity != "info"
    return finding.rule not in STANDING_FIRST


def _nothing_to_judge(signals: Signals) -> str:
    results = signals.run.files.by_role.get("results", ())
    if any(problem.file in results for problem in signals.run.problems):
        return f"No epoch could be read from {results[0]}; the run's problems say why."
    if signals.state == "running":
        return "No epoch logged yet; only the run's arguments can be shown."
    return "No epoch logged: it stopped before its first one ended; train again."


def _standing(signals: Signals) -> str:
    best = signals.best_row
    planned = planned_epochs(signals.run)
    cut = planned is not None and signals.state != "finished" and planned != signals.rows
    unit = signals.unit
    where = f"{signals.rows} of {planned} {unit}s" if cut else count(signals.rows, unit)
    if best is None:
        return f"{where} logged, nothing validated"
    if signals.best_by == BY_LOSS:
        return f"Lowest validation loss at {unit} {signals.epoch(best)}, {where} done"
    if signals.metric is None or signals.metric_name is None or isnan(signals.metric[best]):
        return f"Best fitness at {unit} {signals.epoch(best)}, {where} done"
    (group, name) = signals.metric_name.split()
    return f"Best {metric_words(group, name)} {signals.metric[best]:.3f} at {unit} {signals.epoch(best)}, {where} done"


def _action(signals: Signals, findings: Sequence[Finding], weights: Weights) -> str:
    if signals.state == "running":
        return "training goes on"
    if any(one.rule in USELESS and one.severity == "critical" for one in findings):
        return "check data and labels before deploying"
    later = signals.surroundings.relations.continued_by
    if later:
        return f"go on with {later[-1]}, which continues it"
    cut_off = signals.state in ("interrupted", "stale")
    if any(one.rule == TOO_SHORT for one in findings):
        return "resume or train again" if cut_off else "train on before judging it"
    deploy = _deploy(signals, weights)
    return f"resume or train again, or {deploy}" if cut_off and deploy else deploy


def _deploy(signals: Signals, weights: Weights) -> str:
    if weights.use:
        return f"deploy {weights.use}"
    if signals.best_row is None:
        return ""
    epoch = signals.epoch(signals.best_row)
    if signals.run.axis == "iteration":
        return f"deploy the model of iteration {epoch} (not in this folder)"
    if not signals.keeps_best:
        return f"deploy the weights of epoch {epoch}"
    return f"deploy the weights of epoch {epoch} (best.pt, not in this folder)"
