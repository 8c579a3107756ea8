"""mAP was measured with a raised confidence threshold.

## What it says
``conf=`` was given to the training, so detections below it never reached the validation metrics.

## Why it matters
mAP needs the whole precision-recall curve. Releases up to 8.4.36 drew a straight line from the last
recall they saw to (1, 0), which raises mAP when low scores are cut off; later ones lower it. Runs
with different ``conf`` cannot be compared.

## How it decides
The argument ``conf`` is above .001, the frameworks' own default for validation. Where metrics of an
evaluation after training are known (a JSON file, a console's output, event files) they are compared:
the same precision and recall with another mAP prove that only the tail of the curve moved.

## Source
Ultralytics compute_ap (changed in 8.4.37); guide 004's 89.5 % was measured so.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.releases.consequences import AVERAGE_PRECISION
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals

LIMITS = {
    "conf_max": Limit(
        0.01,
        "Confidence that still leaves the curve whole; .001 is the default, .01 for rotated boxes.",
    )
}

SHIFT_MIN = 0.01
"""A point of mAP between the best epoch and the evaluation after it is more than rounding and fused weights change."""

SAME = 0.005
"""Precision and recall within half a point are those of the same detections."""

DETECTION_TASKS = ("detect", "segment", "pose", "obb")


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a confidence threshold that bends the metrics."""
    conf = signals.argument("conf")
    if not isinstance(conf, (int, float)) or isinstance(conf, bool):
        return None
    if not limits["conf_max"] < conf <= 1:
        return None
    if signals.run.framework != "ultralytics" or signals.run.task not in DETECTION_TASKS:
        return None
    if signals.metric is None or signals.best_row is None:
        return None
    return Finding(
        severity="warning",
        confidence="high",
        summary=f"mAP was measured at conf={conf:g}, far above the default: {_effect(signals)}{_proof(signals)}.",
        clause=f"mAP measured at conf={conf:g}",
        evidence={"conf": float(conf), **_compared(signals)},
        advice=[
            Advice(
                "conf-default",
                "Leave conf out of the training; set it at prediction.",
                ("conf", float(conf), None),
            )
        ],
    )


def _effect(signals: Signals) -> str:
    formula = AVERAGE_PRECISION.known(signals.run.version)
    if formula is None:
        return "it is too high or too low, depending on the release, and the run cannot be compared with others"
    much = "high" if formula == "line" else "low"
    return f"this release then reports too {much} a mAP, and the run cannot be compared with others"


def _compared(signals: Signals) -> dict[str, float]:
    """The best epoch's metrics beside those of the evaluation after training, where there was one."""
    for group, final in (signals.run.logged.final or {}).items():
        best = signals.best_metrics.get(group, {})
        pairs = {
            name: (best.get(name), final.get(name)) for name in ("precision", "recall", "map50")
        }
        if pairs["map50"][0] is None or pairs["map50"][1] is None:
            continue
        found: dict[str, float] = {}
        for name, (before, after) in pairs.items():
            if before is not None and after is not None:
                found.update({f"best_{name}": before, f"final_{name}": after})
        return found
    return {}


def _proof(signals: Signals) -> str:
    """What the evaluation of best.pt after training adds: the same detections, another mAP."""
    found = _compared(signals)
    if not found or abs(found["best_map50"] - found["final_map50"]) < SHIFT_MIN:
        return ""
    (before, after) = (found["best_map50"], found["final_map50"])
    said = f"; evaluated after training mAP50 is {after:.3f}, not {before:.3f}"
    same = all(
        abs(found[f"best_{name}"] - found[f"final_{name}"]) < SAME
        for name in ("precision", "recall")
        if f"best_{name}" in found
    )
    if same and "best_precision" in found:
        said += (
            f" at the same precision ({found['final_precision']:.3f}) and recall"
            f" ({found['final_recall']:.3f}): only the tail of the curve moved, so {before:.3f} is an artefact"
        )
    return said


RULE = Rule("conf-raised", check, LIMITS)
