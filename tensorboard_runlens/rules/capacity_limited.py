"""The metric stays low, has levelled off, and the validation loss is as good as the training loss.

## What it says
The model does on new images what it does on those it trains with, and that is little. More epochs of the same do not
help: it is the model, the images or the labels that limit it.

## Why it matters
Underfitting is often answered with more epochs. A larger model, larger images or better labels are what remains.

## How it decides
The training has ended, after twenty validated epochs or more; mAP50 at its highest level is below .5 and the main
metric no longer rises; the validation loss lies at most a fifth above the training loss and does not overfit, nor does
the metric decline. It is a guess unless the training loss has fallen by less than a quarter since warm-up although the
metric began low: a model that was trained on similar images before begins with low losses.

## Source
Guide 001: both losses stay high, metrics are low; it calls mAP50 above .5 excellent and one below .2 in need of
improvement. Only few real trainings are so, and nobody has labelled them: confidence is moderate at most.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.progress import ENDED, ProgressSignals
from tensorboard_runlens.statistics.forecast import LEVEL_MIN
from tensorboard_runlens.statistics.learning_curve import STRETCH, levels
from tensorboard_runlens.words import percent

LIMITS = {
    "epochs_min": Limit(20, "Validated epochs: shorter curves are still in their first rise.", 10),
    "map50_max": Limit(0.5, "mAP50 that is not yet excellent by guide 001."),
    "map50_warning": Limit(0.2, "mAP50 that needs improvement by guide 001."),
    "gap_max": Limit(
        0.2, "Validation loss above training loss, as share: more is a matter of generalising."
    ),
    "rise_max": Limit(
        0.04,
        "Rise in as many epochs again, as share of the level: from there on it still improves.",
    ),
}

FALL_MIN = 0.25
"""A training loss that fell by less than a quarter since warm-up shows a model that takes in little."""

BEGINNING_MAX = 0.5
"""A metric that begins above half of its highest level is that of a model trained on similar images before."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a model that takes in little of what it is shown."""
    progress = signals.progress
    if progress.state not in ENDED or len(progress.values) < limits["epochs_min"]:
        return None
    map50 = _map50(signals)
    if map50 is None or not LEVEL_MIN <= map50 < limits["map50_max"]:
        return None
    if signals.overfitting.verdict != "none" or not signals.losses_comparable:
        return None
    if not progress.gap <= limits["gap_max"]:
        return None
    if progress.again >= limits["rise_max"] * progress.level:
        return None
    return Finding(
        severity="warning" if map50 < limits["map50_warning"] else "info",
        confidence="moderate" if _takes_in_little(progress) else "low",
        summary=(
            f"{map50:.3f} mAP50 and level, with the validation loss {_above(progress.gap)} the training loss: the"
            " model, the images or the labels limit it rather than the number of epochs."
        ),
        clause=f"Limited by model or data at {map50:.2f} mAP50",
        evidence={
            "map50": map50,
            "threshold": limits["map50_max"],
            "gap": progress.gap,
            "train_fall": progress.train_fall,
            "rise_in_as_many_again": progress.again,
            "n": len(progress.values),
        },
        span=(int(progress.rows[-len(progress.rows) // 4]), signals.rows - 1),
        advice=[
            advise(signals, "larger-model"),
            advise(signals, "larger-images"),
            advise(signals, "fix-labels"),
        ],
    )


def _map50(signals: Signals) -> Optional[float]:
    """Its highest level, None where it was not measured."""
    (group, _) = (signals.metric_name or "none none").split()
    values = signals.run.history.metrics.get(group, {}).get("map50")
    known = np.empty(0) if values is None else values[np.isfinite(values)]
    return float(levels(known)[-1]) if len(known) >= STRETCH else None


def _above(gap: float) -> str:
    return f"only {percent(gap)} above" if gap > 0 else "not above"


def _takes_in_little(progress: ProgressSignals) -> bool:
    began_low = progress.levels[0] < BEGINNING_MAX * progress.level
    return bool(began_low and progress.train_fall < FALL_MIN)


RULE = Rule(
    "capacity-limited", check, LIMITS, rank=6, withdrawn_by=("not-learning", "undertrained")
)
