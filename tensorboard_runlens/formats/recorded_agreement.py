"""Whether a recording and the result table beside it are of the same training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

import numpy as np

from tensorboard_runlens.recording.layout import EPOCHS, FOLDER
from tensorboard_runlens.run import ClassMetrics, History, Problem, Recorded

APART = 0.0001
"""The table has the mean over the classes with five decimals; beyond this they are of two trainings."""

EPOCHS_AHEAD = 1
"""A row of the table is written before its epoch is recorded."""

EPOCHS_BEHIND = 2
"""Epochs that a table may lack while a running training is copied, file after file."""


def of_another_training(found: Recorded, history: History) -> Optional[Problem]:
    """Says where recorded epochs contradict the result table: a later training in the folder was not recorded."""
    for one in (found.best, found.last):
        if one is None or not len(history):
            continue
        rows = np.flatnonzero(history.epoch == one.epoch)
        if not rows.size and one.epoch - history.epoch[-1] not in range(1, EPOCHS_BEHIND + 1):
            return _other(f"epoch {one.epoch} is not in the result table")
        for group in one.classes[0].metrics if rows.size and one.classes else ():
            logged = history.metrics.get(group, {}).get("map50_95")
            mean = _mean(one.classes, group)
            if logged is not None and abs(logged[rows[0]] - mean) > APART:
                said = f"mAP50-95 of epoch {one.epoch} is {mean:.3f}, {logged[rows[0]]:.3f} in the result table"
                return _other(said)
    return None


def incomplete(found: Recorded, history: History) -> Optional[Problem]:
    """Says where epochs of the result table were not recorded: tracked from a resume on, or up to one."""
    if len(history) - found.epochs <= EPOCHS_AHEAD:
        return None
    said = f"{found.epochs} of {len(history)} epochs were recorded"
    if found.best is not None:
        said += "; classes are those of the best of them"
    return Problem(f"{FOLDER}/{EPOCHS}", None, "not_recorded", said)


def _mean(classes: Sequence[ClassMetrics], group: str) -> float:
    """mAP50-95 of all classes, NaN where one has none."""
    values = [line.metrics.get(group, {}).get("map50_95", math.nan) for line in classes]
    return sum(values) / len(values)


def _other(said: str) -> Problem:
    return Problem(
        f"{FOLDER}/{EPOCHS}", None, "disagreement", f"{said}: of another training, not used"
    )
