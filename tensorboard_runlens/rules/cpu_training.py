"""The run was trained on the processor, not on a GPU.

## What it says
The device was the CPU, and its epochs took long enough for that to matter.

## Why it matters
A GPU is usually ten times as fast or more: what takes the CPU a night is then done in an hour, and there is time to try
more epochs, larger images or another model.

## How it decides
The recording, the console's output or the argument ``device`` names the CPU, in this order, and a typical epoch takes
at least the limit. A PyTorch that was built without CUDA is said, as no ``device`` helps there.

## Source
Guide 002 trains on an Intel i9 for .088 hours and reports it as slow.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import epoch_seconds
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Run
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration

LIMITS = {
    "seconds_min": Limit(60.0, "Seconds of an epoch that are worth a GPU; a toy data set is not."),
    "hours_warning": Limit(3.0, "Hours of training of which a GPU would have saved most."),
}

CPU = "cpu"
"""What ``device`` says, how console lines begin, and what PyTorch builds without CUDA end in."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a slow training on the CPU."""
    seconds = _epoch_seconds(signals.run)
    if seconds is None or seconds < limits["seconds_min"] or not _on_cpu(signals.run):
        return None
    hours = seconds * signals.rows / SECONDS_AN_HOUR
    each = duration(seconds / SECONDS_AN_HOUR)
    which = "so far" if signals.state == "running" else "in all"
    without_cuda = _built_without_cuda(signals.run)
    return Finding(
        severity="warning" if hours >= limits["hours_warning"] else "info",
        confidence="high",
        summary=f"{each} an epoch on the CPU, about {duration(hours)} {which}; a GPU is many times as fast.",
        clause=f"Trained on the CPU, {each} an epoch",
        evidence={
            "seconds_an_epoch": seconds,
            "hours": hours,
            "epochs": signals.rows,
            "torch_without_cuda": without_cuda,
        },
        span=(0, signals.rows - 1),
        advice=[
            advise(signals, "install-cuda" if without_cuda else "use-gpu"),
            advise(signals, "smaller-images"),
        ],
    )


def _epoch_seconds(run: Run) -> Optional[float]:
    """Seconds of a typical epoch: by the table, else what the console's total comes to."""
    logged = epoch_seconds(run)
    (console, rows) = (run.console, len(run.history))
    if logged is not None or console is None or console.hours is None or not rows:
        return logged
    return console.hours * SECONDS_AN_HOUR / (console.epochs_completed or rows)


def _on_cpu(run: Run) -> bool:
    """Whether the surest source that names a device names the CPU."""
    said = (
        run.recorded.device if run.recorded else None,
        run.console.device if run.console else None,
        run.arguments.get("device"),
    )
    device = next((one for one in said if isinstance(one, str) and one), "")
    return device.lower().startswith(CPU)


def _built_without_cuda(run: Run) -> bool:
    said = (
        run.recorded.torch if run.recorded else None,
        run.console.torch if run.console else None,
    )
    return any(one is not None and one.endswith("+" + CPU) for one in said)


RULE = Rule("cpu-training", check, LIMITS, rank=8, withdrawn_by=("gpu-unused",))
