"""The labels are of another kind than the task needs.

## What it says
Polygons where boxes are expected, boxes where polygons are needed, or both mixed.

## Why it matters
Segmentation and oriented boxes cannot be learnt from boxes. Detection takes the box around a polygon, which is
right only where that is meant.

## How it decides
Label rows are counted by kind in the data set that runlens.yaml names (``datasets:``), or by the callback in
what the training has loaded: then already before the first epoch.
Ultralytics drops the polygons of a mixed set when it loads it: then only the files tell.

## Source
Ultralytics data/dataset.py, verify_labels. Guide 004 says to check for boxes, not polygons.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Finding, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals

ID = "polygon-labels"


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst fault of this kind in the run's data set."""
    return finding_of(signals.data.fault(ID))


RULE = Rule(ID, check)
