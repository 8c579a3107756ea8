"""A segmentation that misses far more positive pixels than it invents.

## What it says
Recall lies far below precision in the best iteration or epoch: what is marked is right, and much is not marked.

## Why it matters
Positive pixels are rare in most such images, so a loss that counts every pixel alike is low for a model that marks few.

## How it decides
Precision less recall of the pixels, where the run is best by its main metric, is above twenty points. Below a recall of
.3 it is a warning. Detections have a rule of their own, precision-recall-gap.

## Source
Guide 003 raises `pos_weight` against the imbalance of pixels; guide 001 wants precision and recall balanced and neither
below .3.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import main_group
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent

LIMITS = {
    "gap_max": Limit(0.2, "Precision less recall that is still balanced: twenty points."),
    "low": Limit(0.3, "Recall below which guide 001 asks for work."),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports pixels that are missed."""
    row = signals.best_row
    if row is None or main_group(signals.run.history.metrics) != "pixel":
        return None
    best = signals.best_metrics["pixel"]
    (precision, recall) = (best.get("precision"), best.get("recall"))
    if precision is None or recall is None or precision - recall <= limits["gap_max"]:
        return None
    return Finding(
        severity="warning" if recall < limits["low"] else "info",
        confidence="moderate",
        summary=(
            f"{percent(recall)} recall beside {percent(precision)} precision in {signals.unit}"
            f" {signals.epoch(row)}: what is marked is right, and many positive pixels are missed."
        ),
        clause="Misses many positive pixels",
        evidence={
            "precision": precision,
            "recall": recall,
            "gap": precision - recall,
            "threshold": limits["gap_max"],
        },
        span=(row, row),
        advice=[advise(signals, "pos-weight"), advise(signals, "check-threshold")],
    )


RULE = Rule("missed-pixels", check, LIMITS, rank=6, withdrawn_by=("too-short",))
