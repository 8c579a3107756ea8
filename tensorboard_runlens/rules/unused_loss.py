"""A loss that should move is zero all the time, or stands still.

## What it says
The box loss is 0 in every epoch of training or validation, so no image there has a usable label; or the classification
loss is 0 although there are several classes; or a loss has the same value in every epoch.

## Why it matters
Losses without objects are the quickest sign of labels that were not found: everything seems to run, and nothing can be
learnt or measured.

## How it decides
Columns that are 0 in every row. A classification loss of 0 is right with one class in YOLOv5, YOLOv7 and PartiNet and
is hidden without a word, as are parts that a release no longer uses. Validation losses that are all 0 were not
measured, and nothing is said of them.

## Source
Eleven of 465 real runs have a box loss of 0 throughout; all of them end with a mAP of 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals

LIMITS = {
    "epochs_min": Limit(10, "Epochs with one and the same value that are no rounding."),
}

OF_BOXES = ("box", "giou")
"""What frameworks call the loss of the boxes; the second is RT-DETR's."""

DETECTION_TASKS = ("detect", "segment", "pose", "obb")


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a loss that is zero or constant and should not be."""
    if signals.run.task not in DETECTION_TASKS:
        return None
    return next(
        iter([*_without_boxes(signals), *_without_classes(signals), *_constant(signals, limits)]),
        None,
    )


def _without_boxes(signals: Signals) -> Iterator[Finding]:
    """A box loss of 0 beside another loss that was measured."""
    history = signals.run.history
    for side, losses, images in (
        ("train", history.train, "training"),
        ("val", history.val, "validation"),
    ):
        zero = [name for name in OF_BOXES if f"{side} {name}" in signals.run.logged.zero]
        if not zero or not losses or (side == "val" and _found_something(signals)):
            continue
        yield Finding(
            severity="critical",
            confidence="high",
            summary=(
                f"The {images} box loss is 0 in every epoch ({signals.rows} logged): no {images} image has a label"
                " that was read."
            ),
            clause=f"No labels in {images}",
            evidence={"loss": f"{side} {zero[0]}", "value": 0.0, "epochs": signals.rows},
            span=(0, signals.rows - 1),
            advice=[advise(signals, "check-labels")],
        )


def _found_something(signals: Signals) -> bool:
    """Whether a validation had objects to find: the loss was not computed there, then."""
    return signals.metric is not None and bool((np.nan_to_num(signals.metric) > 0).any())


def _without_classes(signals: Signals) -> Iterator[Finding]:
    """A classification loss of 0 where there are classes to tell apart."""
    classes = signals.data.n_classes
    if "train cls" not in signals.run.logged.zero or classes is None or classes < 2:
        return
    if signals.argument("single_cls"):
        return
    yield Finding(
        severity="info",
        confidence="high",
        summary=f"The classification loss is 0 in every epoch although there are {classes} classes.",
        clause="Classification loss is 0",
        evidence={"loss": "train cls", "value": 0.0, "classes": classes, "epochs": signals.rows},
        span=(0, signals.rows - 1),
        advice=[advise(signals, "check-labels")],
    )


def _constant(signals: Signals, limits: Limits) -> Iterator[Finding]:
    """A training loss with one value in every row."""
    if signals.rows < limits["epochs_min"]:
        return
    for name, values in signals.run.history.train.items():
        if np.isfinite(values).all() and np.ptp(values) == 0:
            yield Finding(
                severity="warning",
                confidence="high",
                summary=f"The training {name} loss is {values[0]:.4g} in all {signals.rows} epochs: it is not trained.",
                clause=f"The {name} loss never changes",
                evidence={
                    "loss": f"train {name}",
                    "value": float(values[0]),
                    "epochs": signals.rows,
                },
                span=(0, signals.rows - 1),
                advice=[advise(signals, "check-labels")],
            )


RULE = Rule("unused-loss", check, LIMITS, rank=1, withdrawn_by=("no-instances",))
