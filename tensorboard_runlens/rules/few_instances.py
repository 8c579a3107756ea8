"""A class is validated on a handful of objects.

## What it says
Classes with fewer than ten validation instances, and how many they have.

## Why it matters
One object more or less found moves such a metric by ten points and more, and the mean over the classes with it.

## How it decides
Instances are counted by class in the data set that runlens.yaml names (``datasets:``), or by the callback in
what the training has loaded: then already before the first epoch.

## Source
Guide 004 found the metrics of a class with 3 validation samples unusable, with 18 acceptable.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "few-instances"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check)
