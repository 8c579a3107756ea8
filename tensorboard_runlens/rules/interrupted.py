"""The run stopped before its planned end, and early stopping did not end it.

## What it says
The process was killed, ran out of memory or time, or the machine went down.

## Why it matters
The learning-rate schedule was cut off, so the run has not reached what it would have; the final
pictures are missing.

## How it decides
Fewer epochs than planned, patience not used up, and nothing written for a while.

## Source
127 of 1,107 real trainings ended so.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import LAST


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a run that was cut off."""
    if signals.state not in ("interrupted", "stale") or not signals.rows:
        return None
    (last, planned) = (signals.epoch(signals.rows - 1), planned_epochs(signals.run))
    silent = signals.state == "stale"
    return Finding(
        severity="warning",
        confidence="moderate",
        summary=(
            f"{'Silent since' if silent else 'Interrupted after'} epoch {last} of {planned}"
            f" ({signals.rows / (planned or signals.rows):.0%} of the planned epochs)."
        ),
        clause=f"{'Silent since' if silent else 'Interrupted at'} epoch {last} of {planned}",
        evidence={"last_epoch": last, "planned": planned, "logged": signals.rows},
        span=(signals.rows - 1, signals.rows - 1),
        advice=[_resume(signals)],
    )


def _resume(signals: Signals) -> Advice:
    weights = signals.run.files.by_role.get("weights", ())
    checkpoint = next((name for name in LAST if name in weights), None)
    if checkpoint is None:
        return Advice(
            "train-again", "last.pt is not in this folder: train again, or resume where it is."
        )
    commands = {
        "ultralytics": f"yolo train resume model={checkpoint}",
        "yolov5": f"python train.py --resume {checkpoint}",
        "yolov7": f"python train.py --resume {checkpoint}",
    }
    return Advice(
        "resume", "Resume in the run's folder.", command=commands.get(signals.run.framework)
    )


RULE = Rule("interrupted", check)
