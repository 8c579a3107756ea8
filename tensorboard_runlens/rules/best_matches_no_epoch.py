"""The evaluation of best.pt does not fit the epoch that best.pt should be of.

## What it says
After training best.pt was evaluated, and its metrics are not those of the best epoch: they fit another epoch, or none.

## Why it matters
By the framework's own fitness best.pt is the best epoch's model, so both must agree within a rounding. Where they do
not, one of the two numbers is not what it is taken for, and it is often the higher one that is reported.

## How it decides
mAP50 and mAP50-95 (or the accuracy, or the task's own metric) of the evaluation after training against each epoch's.
Half precision, a fused model and rectangular batches change them by a few tenths of a point; more than the limit at the
best epoch is reported. An epoch within the limit is named, as best.pt may be that one's: of a training before, or by
another fitness. Otherwise the evaluation differs in its images, its labels, its confidence or its file. A raised
``conf`` explains it, and is then said instead.

## Source
Guide 004: epoch 6 has mAP50 89.52 and best.pt 87.20, which its author calls normal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import MAIN_METRICS, Floats, main_metric
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "difference_max": Limit(
        0.01, "A point; half precision and fused weights change mAP by a few tenths of one."
    ),
    "warning_min": Limit(0.03, "Three points that are missing, or not, in a report."),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a final evaluation that is not the best epoch's."""
    (main, best) = (main_metric(signals.run.history.metrics), signals.best_row)
    final = (signals.run.logged.final or {}).get(main[0], {}) if main else {}
    if main is None or best is None or main[1] not in final or not signals.keeps_best:
        return None
    if signals.state == "running":
        return None
    apart = _apart(signals.run.history.metrics[main[0]], final, MAIN_METRICS[main[0]])
    if not apart[best] > limits["difference_max"]:
        return None
    (logged, after) = (float(signals.run.history.metrics[main[0]][main[1]][best]), final[main[1]])
    nearest = int(np.nanargmin(apart))
    fits = apart[nearest] <= limits["difference_max"]
    words = metric_words(*main)
    said = f"fits epoch {signals.epoch(nearest)}" if fits else "fits no epoch"
    return Finding(
        severity="warning" if apart[best] >= limits["warning_min"] else "info",
        confidence="low" if fits else "moderate",
        summary=(
            f"best.pt evaluated after training has {words} {after:.3f}, epoch {signals.epoch(best)}, the best one,"
            f" {logged:.3f}: {points(float(apart[best]))} apart at most, and it {said}."
        ),
        clause=f"best.pt {said}"
        if not fits
        else f"best.pt {said}, not epoch {signals.epoch(best)}",
        evidence={
            "best_epoch": signals.epoch(best),
            "logged": logged,
            "final": float(after),
            "apart": float(apart[best]),
            "threshold": limits["difference_max"],
            "nearest_epoch": signals.epoch(nearest),
            "nearest_apart": float(apart[nearest]),
        },
        span=(best, best),
        advice=[advise(signals, "evaluate-again")],
    )


def _apart(
    logged: Mapping[str, Floats], final: Mapping[str, float], names: tuple[str, ...]
) -> Floats:
    """The largest difference of these metrics by row, NaN where none is known on both sides."""
    shared = [name for name in names if name in logged and name in final]
    apart: Floats = np.max([np.abs(logged[name] - final[name]) for name in shared], axis=0)
    return apart


RULE = Rule("best-matches-no-epoch", check, LIMITS, rank=4, withdrawn_by=("conf-raised",))
