"""A class is in only one of the splits.

## What it says
A class without an instance in the validation set, or with none to train on.

## Why it matters
Its metric is missing from every mean, or is of a class that could not be learnt.

## How it decides
Instances are counted by class and split, in the data set that runlens.yaml names (``datasets:``), or by the callback
while it trained.

## Source
Guide 004 found three validation samples of a class useless; none is worse.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "missing-class"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check)
