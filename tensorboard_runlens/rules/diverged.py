"""Training broke down and stayed down: the loss rose far above its lowest, or the metric lost nearly all it had.

## What it says
The optimiser left the region in which it was learning, and did not come back.

## Why it matters
Everything after that moment is wasted; a checkpoint from before may still be good, and is named where one is kept.

## How it decides
The last five epochs' training loss lies a quarter above its lowest and more than five standard deviations of its
noise, and more than half of the rise is left; or the main metric ends below a fifth of its best level, five points
below it at least. While the training goes on it must be both: the loss a quarter above its lowest and the metric at
half of its best or less, where both are known; one alone often comes back. Restarts of the learning rate can look like
this while they last. A loss that is not finite to the end is the rule non-finite's.

## Source
Limits proposed from the corpus of real trainings, where it is rare.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limits, Rule, Value
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import MODERATE_SCORE, confidence_word
from tensorboard_runlens.statistics.divergence import Divergence, both_broke_down, metric_collapse
from tensorboard_runlens.weights import kept_before
from tensorboard_runlens.words import metric_words, percent


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a training loss that went up and stayed there, or else a metric that went down to nothing."""
    if signals.short_by_design:
        return None
    found = _of_the_loss(signals) or _of_the_metric(signals)
    return None if found and signals.state == "running" and not _sure(signals) else found


def _sure(signals: Signals) -> bool:
    """Whether a training that goes on will hardly come back."""
    unknown = np.full(signals.rows, np.nan)
    (total, metric) = (signals.train_total, signals.metric)
    return both_broke_down(
        unknown if total is None else total,
        unknown if metric is None else np.where(signals.copied_rows, np.nan, metric),
    )


def _of_the_loss(signals: Signals) -> Optional[Finding]:
    (total, found) = (signals.train_total, signals.loss_divergence)
    if total is None or found is None or not np.isfinite(total[-1]):
        return None
    excess = found.end / found.best - 1
    said = (
        f"Training loss ends {percent(excess)} above its lowest (epoch {signals.epoch(found.since)})"
        " and does not come back"
    )
    return _finding(signals, found, said, {"excess": excess})


def _of_the_metric(signals: Signals) -> Optional[Finding]:
    if signals.metric is None or signals.metric_name is None:
        return None
    found = metric_collapse(np.where(signals.copied_rows, np.nan, signals.metric))
    if found is None:
        return None
    (group, name) = signals.metric_name.split()
    said = (
        f"{metric_words(group, name)} ends at {found.end:.3f}, {percent(found.end / found.best)} of the"
        f" {found.best:.3f} it had around epoch {signals.epoch(found.since)}"
    )
    return _finding(signals, found, said, {"best": found.best, "end": found.end})


def _finding(signals: Signals, found: Divergence, said: str, evidence: dict[str, Value]) -> Finding:
    since = signals.epoch(found.since)
    kept = kept_before(signals, found.since + 1)
    return Finding(
        severity="critical",
        confidence=confidence_word(MODERATE_SCORE, signals.rows, signals.data.n_val_images),
        summary=f"{said}{f'; {kept}' if kept else ''}.",
        clause=f"Training diverged after epoch {since}",
        evidence={**evidence, "last_good_epoch": since, "n": signals.rows},
        span=(found.since, signals.rows - 1),
        advice=[advise(signals, "lower-lr"), *([advise(signals, "use-best")] if kept else [])],
    )


RULE = Rule("diverged", check, rank=0)
