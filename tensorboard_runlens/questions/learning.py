"""Is the model learning?"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.questions.question import (
    INFO,
    OK,
    UNKNOWN,
    Question,
    ids,
    inside,
    sure_findings,
)
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import metric_words, percent

SAYS_NO = ("not-learning", "unused-loss", "diverged", "non-finite", "never-generalised")
"""Rules that deny it when they are critical; the last one also says less."""

TOO_EARLY = ("too-short",)

LEARNT_MIN = 0.01
"""A metric that rose by less than a point from its first epoch was there before the training."""


def learning(analysis: Analysis) -> Question:
    """By the rules that deny it, else by how far the metric rose or the loss fell."""
    (answer, level, rules) = _answer(analysis)
    return Question("learning", "Is the model learning?", answer, level, rules)


def _answer(analysis: Analysis) -> tuple[str, str, tuple[str, ...]]:
    signals = analysis.signals
    denied = [one for one in sure_findings(analysis, SAYS_NO) if _denies(one)]
    if denied:
        return (f"No: {inside(denied[0].summary)}.", denied[0].severity, ids(denied))
    early = sure_findings(analysis, TOO_EARLY)
    if early:
        return (f"Too early to say: {inside(early[0].summary)}.", UNKNOWN, ids(early))
    (said, level) = _by_metric(signals) or _by_loss(signals) or (_nothing(signals), UNKNOWN)
    return (said, level, ())


def _denies(finding: Finding) -> bool:
    return finding.severity == "critical" or finding.rule == SAYS_NO[-1]


def _by_metric(signals: Signals) -> Optional[tuple[str, str]]:
    (metric, best) = (signals.metric, signals.best_row)
    if (
        metric is None
        or signals.metric_name is None
        or best is None
        or not np.isfinite(metric[best])
    ):
        return None
    first = int(np.flatnonzero(np.isfinite(metric))[0])
    (group, name) = signals.metric_name.split()
    if metric[best] - metric[first] < LEARNT_MIN:
        said = f"Hardly: {metric_words(group, name)} was {metric[first]:.3f} in the first {signals.unit}"
        return (f"{said} and is {metric[best]:.3f} at best.", INFO)
    said = f"Yes: {metric_words(group, name)} rose from {metric[first]:.3f} to {metric[best]:.3f}"
    return (f"{said} by {signals.unit} {signals.epoch(best)}.", OK)


def _by_loss(signals: Signals) -> Optional[tuple[str, str]]:
    for side, loss in (("Validation", signals.val_total), ("Training", signals.train_total)):
        fall = None if loss is None else _fall(loss)
        if fall is not None:
            verb = f"fell {percent(fall)}" if fall > 0 else "did not fall"
            said = (
                f"{'Yes' if fall > 0 else 'No'}: {side.lower()} loss {verb}; no metric was logged."
            )
            return (said, OK if fall > 0 else INFO)
    return None


def _fall(loss: Floats) -> Optional[float]:
    """How far a loss fell from its first to its lowest value, a share of the first; None where that is not known."""
    values = loss[np.isfinite(loss)]
    if len(values) < 2 or values[0] <= 0:
        return None
    return float(1 - values.min() / values[0])


def _nothing(signals: Signals) -> str:
    if not signals.rows:
        return "Unknown: no epoch is logged yet."
    return "Unknown: neither a metric nor a loss can be compared between epochs."
