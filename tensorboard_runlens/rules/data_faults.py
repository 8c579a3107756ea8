"""The run's data set has another serious fault.

## What it says
The worst fault that no rule of its own reports: class ids without a name, boxes outside of their image, rows that
stand twice, and so on.

## Why it matters
What is wrong with the data, no training repairs.

## How it decides
Faults that are at least a warning, by the limits in docs/datasets.md. They are known where runlens.yaml names the
data set (``datasets:``).

## Source
Guides 000, 001, 002 and 004 all ask to look at labels and classes first.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

OWN_RULES = (
    "data-overlap",
    "empty-labels",
    "empty-split",
    "few-instances",
    "missing-class",
    "no-instances",
    "polygon-labels",
    "small-split",
)
"""Kinds of faults that other rules report: small-split is small-validation's."""
SERIOUS = ("critical", "warning")


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst of the other faults."""
    faults = (one for one in signals.data.faults if one.kind not in OWN_RULES)
    return finding_of(next((one for one in faults if one.severity in SERIOUS), None))


RULE = Rule("data-faults", check)
