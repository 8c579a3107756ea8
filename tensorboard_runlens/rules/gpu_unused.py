"""A GPU is there, and the training does not use it.

## What it says
The training runs on the processor although the machine has a GPU, or on a GPU that has next to nothing to do.

## Why it matters
A GPU is usually ten times as fast or more: the night that this training takes would be an hour.

## How it decides
The callback asks PyTorch for CUDA and MPS, and NVIDIA's driver for GPUs that this PyTorch cannot use, when a training
begins on the processor; where epochs take less than the limit, nothing is said. On a GPU it is the driver's mean
utilisation that stays below the limit in every epoch, of which it takes two. It speaks before the first epoch and while
the training runs.

## Source
Guide 002 trains on an Intel i9 and reports it as slow; a PyTorch that was built without CUDA is the usual cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import epoch_seconds
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent

LIMITS = {
    "seconds_min": Limit(60.0, "Seconds of an epoch that are worth a GPU; a toy data set is not."),
    "busy_max": Limit(0.05, "Mean utilisation below which a GPU has nothing to do: our judgement."),
    "epochs_min": Limit(
        2, "Epochs that say so: in the first one alone caches may be filled.", least=1
    ),
}

SAID: Mapping[str, tuple[str, str, str]] = {
    "cuda": ("high", "a CUDA GPU is there", "use-gpu"),
    "mps": ("moderate", "an Apple GPU is there", "use-mps"),
    "nvidia": (
        "moderate",
        "the driver lists an NVIDIA GPU that this PyTorch cannot use",
        "find-gpu",
    ),
}
"""How sure it is that the accelerator could have trained, what is said of it, and the remedy."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports an accelerator that does not work."""
    if not signals.can_be_changed:
        return None
    return _on_the_processor(signals, limits) or _idle(signals, limits)


def _on_the_processor(signals: Signals, limits: Limits) -> Optional[Finding]:
    recorded = signals.run.recorded
    seconds = epoch_seconds(signals.run)
    if recorded is None or recorded.accelerator is None:
        return None
    if seconds is not None and seconds < limits["seconds_min"]:
        return None
    (confidence, there, remedy) = SAID[recorded.accelerator]
    return Finding(
        severity="warning",
        confidence=confidence,
        summary=f"0 GPUs train: it runs on the processor although {there}.",
        clause=f"Trains on the processor although {there}",
        evidence={"accelerator": recorded.accelerator, "seconds_an_epoch": seconds},
        advice=[advise(signals, remedy)],
    )


def _idle(signals: Signals, limits: Limits) -> Optional[Finding]:
    busy = signals.machine.known("gpu_utilisation")
    if len(busy) < limits["epochs_min"] or float(busy.max()) >= limits["busy_max"]:
        return None
    share = float(busy.max())
    return Finding(
        severity="warning",
        confidence="moderate",
        summary=f"{percent(share)} at most is the GPU's mean utilisation in {len(busy)} epochs: it hardly works.",
        clause=f"The GPU is busy {percent(share)} of the time at most",
        evidence={"gpu_utilisation": share, "epochs": len(busy)},
        span=signals.machine.span,
        advice=[advise(signals, "feed-gpu")],
    )


RULE = Rule("gpu-unused", check, LIMITS, rank=6, withdrawn_by=("input-bound",))
