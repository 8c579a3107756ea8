"""Precision and recall are out of balance, or one of them is low.

## What it says
Which of the two is lower around the best epoch, and what that means: high precision with low recall is a careful model
that misses objects, high recall with low precision one that makes many mistakes.

## Why it matters
The two ask for different remedies. Frameworks state both at the confidence of the best F1, so that another confidence
only trades the one for the other; what is missing is in the data or in the model.

## How it decides
Medians of precision and recall over the five validated epochs around the best one differ by more than 20 points, or
one of them is below 30 %. Where the number of validated objects is known, a difference within the 95 % intervals is
chance and not reported. A gap is information, a value below 30 % a warning; where one is that low and
the other within 20 points of it, both are called low. A training that still runs is not judged.

## Source
Guide 001 (balanced, neither below 0.3) and guide 002 (what each side means). Of 158 real trainings 8 % have a gap above
20 points, and 3 % two low values.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.run import main_group
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.proportion import half_width
from tensorboard_runlens.words import GROUP_WORDS, percent

LIMITS = {
    "gap_max": Limit(0.20, "Difference of the two: one in twelve of 158 real trainings has more."),
    "low": Limit(0.30, "What guide 001 wants both to reach."),
}

EPOCHS = 5
"""Validated epochs around the best one whose medians count: the confidence behind them moves every epoch."""

MEANING = {
    "recall": "the model is careful and misses objects",
    "precision": "the model finds objects but makes many mistakes",
    "both": "both are low, many objects are missed and many detections are wrong",
}

CLAUSES = {
    "recall": "Misses many objects",
    "precision": "Makes many false detections",
    "both": "Misses many objects and makes many false detections",
}

UNLABELLED = "validation images for forgotten objects, which count as false detections,"

GROUPS = ("mask", "pose", "box")
"""What has detections; of pixels and of whole images precision and recall mean something else."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports precision and recall that differ, or are low."""
    group = main_group(signals.run.history.metrics)
    if group not in GROUPS or signals.best_row is None or signals.state == "running":
        return None
    columns = ((group, "precision"), (group, "recall"))
    rows = signals.metrics.nearest(signals.best_row, columns, EPOCHS)
    if len(rows) < EPOCHS:
        return None
    (precision, recall) = (float(np.median(signals.metrics.at(one, rows))) for one in columns)
    (gap, lower) = (abs(precision - recall), min(precision, recall))
    apart = gap > limits["gap_max"] and gap > _chance(signals, precision, recall)
    if lower == 0 or not (apart or lower < limits["low"]):
        return None
    alike = gap <= limits["gap_max"] or max(precision, recall) < limits["low"]
    kind = "both" if alike else _lower_one(precision, recall)
    return Finding(
        severity="warning" if lower < limits["low"] else "info",
        confidence=signals.data.certainty,
        summary=(
            f"{percent(precision)} {GROUP_WORDS[group]}precision and {percent(recall)} recall around"
            f" epoch {signals.epoch(signals.best_row)}: {MEANING[kind]}."
        ),
        clause=CLAUSES[kind],
        evidence={"precision": precision, "recall": recall, "gap": gap, "epochs": EPOCHS},
        span=(int(rows[0]), int(rows[-1])),
        advice=_advice(signals, kind),
    )


def _lower_one(precision: float, recall: float) -> str:
    return "recall" if recall < precision else "precision"


def _chance(signals: Signals, precision: float, recall: float) -> float:
    """Both halves of the two 95 % intervals together; 0 where nobody counted the objects."""
    objects = signals.data.n_val_instances
    if not objects or not precision:
        return 0.0
    detections = max(round(recall * objects / precision), 1)
    return half_width(recall, objects) + half_width(precision, detections)


def _advice(signals: Signals, kind: str) -> list[Advice]:
    if kind == "both":
        return [advise(signals, "fix-labels"), advise(signals, "larger-model")]
    threshold = advise(signals, "check-threshold")
    if kind == "recall":
        return [advise(signals, "varied-images"), advise(signals, "larger-images"), threshold]
    return [
        advise(signals, "fix-labels", what=UNLABELLED),
        advise(signals, "varied-images"),
        threshold,
    ]


RULE = Rule(
    "precision-recall-gap",
    check,
    LIMITS,
    rank=6,
    withdrawn_by=("not-learning", "too-short", "never-generalised"),
)
