"""Metrics that must agree do not: they were averaged in different ways.

## What it says
Over pooled pixels F1 = 2PR/(P+R) and IoU = F1/(2-F1). Recorded numbers that break this were averaged
over images or classes, each on its own.

## Why it matters
Such numbers cannot be compared with those of programs that pool the pixels, nor turned into each
other.

## How it decides
The largest deviation over all iterations exceeds the limit.

## Source
Definitions of the four metrics; guide 003 reports all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals

LIMITS = {
    "deviation_max": Limit(
        0.005, "Half a point: metrics rounded to two decimals still agree within it."
    )
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports recorded metrics that cannot be of the same pooled pixels."""
    named = signals.run.history.metrics.get("pixel", {})
    worst = max(_deviations(named), default=None)
    if worst is None or worst[0] <= limits["deviation_max"]:
        return None
    (deviation, identity, row) = worst
    where = f"{signals.unit} {signals.epoch(row)}"
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"{identity} is off by {deviation:.3f} at {where}: these metrics were averaged in"
            " different ways, so they cannot be turned into each other."
        ),
        clause=f"{identity} does not hold",
        evidence={"identity": identity, "deviation": deviation},
        span=(row, row),
        advice=[advise(signals, "pool-pixels")],
    )


def _deviations(named: Mapping[str, Floats]) -> Iterator[tuple[float, str, int]]:
    """(largest deviation, identity, its row) for each identity whose metrics were recorded."""
    if {"precision", "recall", "f1"} <= named.keys():
        (precision, recall) = (named["precision"], named["recall"])
        with np.errstate(invalid="ignore", divide="ignore"):
            harmonic = 2 * precision * recall / (precision + recall)
        yield from _largest(harmonic - named["f1"], "F1 = 2PR/(P+R)")
    if {"f1", "iou"} <= named.keys():
        yield from _largest(named["f1"] / (2 - named["f1"]) - named["iou"], "IoU = F1/(2-F1)")


def _largest(difference: Floats, identity: str) -> Iterator[tuple[float, str, int]]:
    known = np.flatnonzero(np.isfinite(difference))
    if len(known):
        row = int(known[np.argmax(np.abs(difference[known]))])
        yield (float(abs(difference[row])), identity, row)


RULE = Rule("identity-mismatch", check, LIMITS)
