"""One sentence a run: how it stands and what to do. It says what the weightiest finding says, never the contrary."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import Weights
from tensorboard_runlens.words import count, metric_words

NOT_TO_DEPLOY = ("not-learning", "never-generalised", "too-short")
"""Rules after which deploying anything is the wrong advice."""

STANDING_FIRST = ("early-stopped", "appended-runs", "best-not-last")
"""Findings that add to the standing without being what the run is about."""


def headline(signals: Signals, findings: Sequence[Finding], weights: Weights) -> str:
    """The sentence; ``findings`` come the weightiest first."""
    if not signals.rows:
        return _nothing_to_judge(signals)
    leading = next((one for one in findings if one.rule not in STANDING_FIRST), None)
    standing = _standing(signals)
    said = f"{leading.clause}: {standing[0].lower()}{standing[1:]}" if leading else standing
    action = _action(signals, [finding.rule for finding in findings], weights)
    return "; ".join(part for part in (said, action) if part) + "."


def _nothing_to_judge(signals: Signals) -> str:
    if signals.run.problems:
        return f"No epoch could be read: {signals.run.problems[0].file} has a problem."
    return "No epoch logged yet; only the run's arguments can be shown."


def _standing(signals: Signals) -> str:
    best = signals.best_row
    planned = planned_epochs(signals.run)
    where = f"{count(signals.rows, 'epoch')}{f' of {planned}' if planned and planned != signals.rows else ''}"
    if best is None:
        return f"{where} logged, nothing validated"
    if signals.metric is None or signals.metric_name is None:
        return f"Lowest validation loss at epoch {signals.epoch(best)}, {where} done"
    (group, name) = signals.metric_name.split()
    return f"Best {metric_words(group, name)} {signals.metric[best]:.3f} at epoch {signals.epoch(best)}, {where} done"


def _action(signals: Signals, rules: Sequence[str], weights: Weights) -> str:
    blocked = next((rule for rule in rules if rule in NOT_TO_DEPLOY), None)
    if signals.state == "running":
        return "training goes on"
    if blocked == "too-short":
        return "train on before judging it"
    if blocked:
        return "check data and labels before deploying"
    if weights.use:
        return f"deploy {weights.use}"
    if signals.best_row is None:
        return ""
    return f"deploy the weights of epoch {signals.epoch(signals.best_row)} (best.pt, not in this folder)"
