"""Label files are empty or cannot be read.

## What it says
Images whose label file is empty or damaged; the framework takes them as background, or leaves them out.

## Why it matters
Objects on such images are taught to be background.

## How it decides
Shares of empty and of unusable label files, by the limits in docs/datasets.md. It is
known only where runlens.yaml names the data set (``datasets:``).

## Source
Guides 000, 001 and 002 ask to look at labels.jpg for it.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "empty-labels"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check)
