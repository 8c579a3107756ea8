"""One sentence a run: how it stands and what to do. It says what the weightiest finding says, never the contrary."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Optional

import numpy as np

from tensorboard_runlens import ended, next_step
from tensorboard_runlens.fitness import BY_LOSS
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.next_step import NextStep
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import Weights
from tensorboard_runlens.words import count, metric_words

OF_SPEED = (
    *("gpu-memory", "input-bound", "throughput-drift", "slow-epochs", "cpu-training"),
    *("gpu-unused", "late-end"),
)
OF_SINGLE_EPOCHS = ("non-finite", "frozen-validation", "best-not-last")
OF_THE_PLAN = ("early-stopped", "appended-runs", "lr-ignored", "patience-unreachable")
OF_KINDS = ("polygon-labels",)
ASIDE = (*OF_SPEED, *OF_SINGLE_EPOCHS, *OF_THE_PLAN, *OF_KINDS)
"""Findings of which only a warning is what the run is about."""

COUNTING = ("interrupted", "too-short")
"""Findings whose clause says how many epochs are done, so that the rest of the sentence need not."""

MISSED_MIN = 0.001
"""A metric that stood higher by less, elsewhere than at the best fitness, has the same three digits or nearly so."""


def headline(
    signals: Signals, findings: Sequence[Finding], weights: Weights, step: NextStep
) -> str:
    """The sentence; ``findings`` come the weightiest first."""
    leading = leading_finding(findings)
    if not signals.rows:
        return _nothing_to_judge(signals, leading)
    standing = _standing(signals, "" if leading and leading.rule in COUNTING else _done(signals))
    said = f"{leading.clause}: {standing[0].lower()}{standing[1:]}" if leading else standing
    action = _action(signals, weights, step)
    return "; ".join(part for part in (said, action) if part) + "."


def leading_finding(findings: Sequence[Finding]) -> Optional[Finding]:
    """What the sentence begins with; ``findings`` come the weightiest first."""
    sure = [one for one in findings if one.confidence != "low"]
    return next((one for one in sure if one.rule not in ASIDE or one.severity != "info"), None)


def _nothing_to_judge(signals: Signals, leading: Optional[Finding]) -> str:
    results = signals.run.files.by_role.get("results", ())
    if any(problem.file in results for problem in signals.run.problems):
        return f"No epoch could be read from {results[0]}; the run's problems say why."
    if leading and leading.rule not in COUNTING:
        return f"{leading.clause}: no epoch logged{'' if signals.cut_off else ' yet'}."
    if signals.cut_off:
        return _stopped_at_once(signals)
    yet = " yet" if signals.state == "running" else ""
    return f"No epoch logged{yet}; only the run's arguments can be shown."


def _stopped_at_once(signals: Signals) -> str:
    if signals.silent:
        return "No epoch logged: silent before its first one ended; see whether it still runs."
    reason = ended.reason(signals.run, signals.ended) or "it stopped before its first one ended"
    return f"No epoch logged: {reason}; train again."


def _standing(signals: Signals, done: str) -> str:
    best = signals.best_row
    if best is None:
        return f"{_logged(signals)} logged, nothing validated"
    where = f"{signals.unit} {signals.epoch(best)}"
    if signals.best_by == BY_LOSS:
        return f"Lowest validation loss at {where}{done}"
    if signals.metric is None or signals.metric_name is None or isnan(signals.metric[best]):
        return f"Best fitness at {where}{done}"
    said = f"{metric_words(*signals.metric_name.split())} {signals.metric[best]:.3f}"
    if float(np.nanmax(signals.metric)) - signals.metric[best] >= MISSED_MIN:
        return f"Best fitness at {where} with {said}{done}"
    return f"Best {said} at {where}{done}"


def _done(signals: Signals) -> str:
    return f", {_logged(signals)} done"


def _logged(signals: Signals) -> str:
    planned = planned_epochs(signals.run)
    cut = planned is not None and signals.state != "finished" and planned != signals.rows
    unit = signals.unit
    return f"{signals.rows} of {planned} {unit}s" if cut else count(signals.rows, unit)


def _action(signals: Signals, weights: Weights, step: NextStep) -> str:
    deploy = _deploy(signals, weights)
    if signals.state == "running":
        return _while_running(step, deploy)
    if step.kind == next_step.MEND:
        return "check data and labels before deploying"
    if step.kind == next_step.CONTINUED:
        return f"go on with {signals.surroundings.relations.continued_by[-1]}, which continues it"
    if step.kind == next_step.SHORT:
        return _too_short(signals)
    if step.kind == next_step.CUT_OFF:
        return _or("resume or train again", deploy)
    if step.kind == next_step.LONGER:
        return _or("train longer", deploy)
    return deploy


def _or(first: str, second: str) -> str:
    return f"{first}, or {second}" if second else first


def _while_running(step: NextStep, deploy: str) -> str:
    if step.kind == next_step.MEND:
        return "stop it, and check data and labels"
    if step.kind == next_step.HARM:
        return f"stop it and {deploy}" if deploy else "stop it"
    if step.kind == next_step.LEVEL:
        return "going on is unlikely to gain much"
    return "training goes on"


def _too_short(signals: Signals) -> str:
    cut_off = signals.state in ("interrupted", "stale")
    return "resume or train again" if cut_off else "train on before judging it"


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
