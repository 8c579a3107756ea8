"""mAP was measured with a raised confidence threshold.

## What it says
``conf=`` was given to the training, so detections below it never reached the validation metrics.

## Why it matters
mAP needs the whole precision-recall curve. Releases up to 8.4.36 drew a straight line from the last
recall they saw to (1, 0), which raises mAP when low scores are cut off; later ones lower it. Runs
with different ``conf`` cannot be compared.

## How it decides
The argument ``conf`` is above .001, the frameworks' own default for validation.

## Source
Ultralytics compute_ap (changed in 8.4.37); guide 004's 89.5 % was measured so.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.formats.versions import release
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals

LIMITS = {
    "conf_max": Limit(
        0.01,
        "Confidence that still leaves the curve whole; .001 is the default, .01 for rotated boxes.",
    )
}

DETECTION_TASKS = ("detect", "segment", "pose", "obb")
LAST_WITH_LINE = "8.4.36"
"""The last release whose AP draws a line to (1, 0)."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a confidence threshold that bends the metrics."""
    conf = signals.argument("conf")
    if not isinstance(conf, (int, float)) or isinstance(conf, bool):
        return None
    if not limits["conf_max"] < conf <= 1:
        return None
    if signals.run.framework != "ultralytics" or signals.run.task not in DETECTION_TASKS:
        return None
    return Finding(
        severity="warning",
        confidence="high",
        summary=f"mAP was measured at conf={conf:g} instead of .001: {_effect(signals)}.",
        clause=f"mAP measured at conf={conf:g}",
        evidence={"conf": float(conf)},
        advice=[
            Advice(
                "conf-default",
                "Leave conf out of the training; set it at prediction.",
                ("conf", float(conf), None),
            )
        ],
    )


def _effect(signals: Signals) -> str:
    version = signals.run.version
    if version and version.max and release(version.max) <= release(LAST_WITH_LINE):
        return (
            "this release then reports too high a mAP, and the run cannot be compared with others"
        )
    if version and version.min and release(version.min) > release(LAST_WITH_LINE):
        return "this release then reports too low a mAP, and the run cannot be compared with others"
    return "it is too high or too low, depending on the release, and the run cannot be compared with others"


RULE = Rule("conf-raised", check, LIMITS)
