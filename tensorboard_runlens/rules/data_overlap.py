"""The same image is in the training and the validation set.

## What it says
Validation images that were trained on, or that look like ones that were.

## Why it matters
The metric then measures memory, not what the model will do on new images.

## How it decides
Where runlens.yaml names the data set (``datasets:``), images of both splits are compared byte for byte and by
perceptual hash; see docs/datasets.md for its limit. Where only the callback has recorded the images, byte for
byte.

## Source
Guide 004 moved images from train to val after weights had been trained on them.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "data-overlap"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check)
