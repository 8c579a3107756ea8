"""There is no image to train on, or none to validate on.

## What it says
The training or the validation set has no image.

## Why it matters
Without validation images every metric is missing, and best.pt is any epoch.

## How it decides
Images are counted in the data set that runlens.yaml names (``datasets:``), or by the callback in
what the training has loaded: then already before the first epoch.

## Source
The usual cause is a path in the data set's YAML file.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "empty-split"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check, rank=0)
