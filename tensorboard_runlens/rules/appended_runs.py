"""Several runs stand in one result file.

## What it says
The epoch numbers begin again, as when a training is started twice into the same folder.

## Why it matters
results.png draws one line through all of them, and the best row may belong to another run than the
weights.

## How it decides
The epoch number returns to the first one. Repeated epochs of a resumed run do not count.

## Source
Ultralytics before 8.3.214 appended when ``exist_ok=True``.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a file with more than one segment."""
    segments = signals.run.logged.segments
    if len(segments) < 2:
        return None
    (first, last) = segments[-1]
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"{len(segments)} runs stand in one file; the last one (epochs {first} to"
            f" {last}) is shown and judged."
        ),
        clause=f"{len(segments)} runs in one file",
        evidence={"segments": [f"{begin}-{end}" for (begin, end) in segments]},
        span=(0, signals.rows - 1),
        advice=[Advice("own-folder", "Give every training a folder of its own.")],
    )


RULE = Rule("appended-runs", check, rank=9)
