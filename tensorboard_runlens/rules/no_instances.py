"""A split has images, and nothing is labelled on any of them.

## What it says
No training image, or no validation image, has a label that was found.

## Why it matters
Without labelled objects nothing is learnt, or nothing is measured and best.pt is any epoch. The training runs to
its end all the same.

## How it decides
Objects are counted in the data set that runlens.yaml names (``datasets:``), or by the callback in
what the training has loaded: then already before the first epoch.
A test split without labels is no fault of a run.

## Source
The usual cause is a path: labels lie beside images, in a folder of that name (guides 000, 001 and 002).
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "no-instances"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check, rank=0)
