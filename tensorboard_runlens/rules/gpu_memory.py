"""GPU memory ran out, is nearly full, or is mostly unused.

## What it says
Ran out: the framework went on with a smaller batch than was asked for. Nearly full: a little more, and it
runs out. Unused: a larger batch would fit.

## Why it matters
A run that was trained with another batch than its arguments say cannot be repeated from them. One
that runs out of memory after hours has to be resumed. Memory that is left allows for larger images or for
larger batches, which use a GPU better.

## How it decides
The most memory that tensors took in any epoch, as a share of the GPU's. Unused counts what other
programs take, too, and is quiet where the GPU is busy anyway, where images are waited for, and where the
batch was chosen by the memory (``batch=-1``). Known of runs that the callback recorded on a GPU.

## Source
Ultralytics halves the batch up to three times when memory runs out in the first epoch on one GPU. Its
AutoBatch aims at 60 % of the memory. Up to ``nbs`` (64) images an optimizer step sees the same
number of images whatever the batch.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.machine import HIGHLY_INPUT_BOUND
from tensorboard_runlens.words import count, percent

LIMITS = {
    "full_min": Limit(
        0.92,
        "Share of tensors from which it is nearly full: the driver's own half gigabyte and gaps"
        " between tensors take the rest.",
    ),
    "unused_max": Limit(
        0.4, "Share up to which the batch can be doubled and still leave a fifth of the memory."
    ),
    "busy_max": Limit(0.9, "A GPU that is busy more of the time gains little from larger batches."),
}

NOMINAL_BATCH = 64
"""Ultralytics' nbs: smaller batches are gathered up to it, larger ones train otherwise."""

GB = 1e9


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the worst of the three."""
    return _ran_out(signals) or _full(signals, limits) or _unused(signals, limits)


def _ran_out(signals: Signals) -> Optional[Finding]:
    retries = int(signals.machine.highest("out_of_memory_retries") or 0)
    if retries < 1 or signals.run.framework != "ultralytics":
        return None
    asked = _batch(signals)
    trained = None if asked is None else max(asked >> retries, 1)
    batches = "a smaller batch" if trained is None else f"batch={trained} instead of {asked}"
    return Finding(
        severity="warning",
        confidence="high",
        summary=f"GPU memory ran out {count(retries, 'time')} in the first epoch; it was trained with {batches}.",
        clause=f"GPU memory ran out, trained with {batches}",
        evidence={"out_of_memory_retries": retries, "batch_asked": asked, "batch": trained},
        span=signals.machine.span,
        advice=[
            Advice(
                "smaller-batch",
                "Ask for the batch that fits, so that the arguments say what was trained.",
                None if trained is None else ("batch", asked, trained),
            )
        ],
    )


def _full(signals: Signals, limits: Limits) -> Optional[Finding]:
    share = signals.machine.memory_share
    if share is None or share < limits["full_min"]:
        return None
    batch = _batch(signals)
    running = signals.state == "running"
    change = ("batch", batch, batch // 2) if batch and batch > 1 else None
    return Finding(
        severity="warning" if running else "info",
        confidence="moderate",
        summary=f"GPU memory is nearly full: tensors took {_said(signals, share)}.",
        clause=f"GPU memory {percent(share)} full",
        evidence={"memory_share": share, "batch": batch},
        span=signals.machine.span,
        advice=[
            Advice(
                "smaller-batch",
                "Take a smaller batch where it runs out of memory, or before images get larger.",
                change if legal("batch", signals.run) else None,
            )
        ],
    )


def _unused(signals: Signals, limits: Limits) -> Optional[Finding]:
    (share, batch) = (signals.machine.memory_taken, _batch(signals))
    if share is None or batch is None or share > limits["unused_max"]:
        return None
    if not _could_be_larger(signals, batch, limits):
        return None
    change = ("batch", batch, batch * 2) if legal("batch", signals.run) else None
    return Finding(
        severity="info",
        confidence="moderate",
        summary=(
            f"Most of the GPU's memory is unused: no epoch took more than"
            f" {_said(signals, share)}, with batch={batch}."
        ),
        clause=f"{percent(1 - share)} of the GPU's memory unused",
        evidence={"memory_share": share, "batch": batch},
        span=signals.machine.span,
        advice=[
            Advice(
                "larger-batch",
                "A batch twice as large fits and may train faster, or larger images fit.",
                change,
            )
        ],
    )


def _could_be_larger(signals: Signals, batch: int, limits: Limits) -> bool:
    """Whether a batch twice as large may help: the GPU has time for it, and images come fast enough."""
    machine = signals.machine
    busy = (machine.typical("gpu_utilisation") or 0.0) > limits["busy_max"]
    waits = (machine.waiting or 0.0) >= HIGHLY_INPUT_BOUND
    images = signals.data.n_train_images
    few = images is not None and batch * 2 > images
    return not (machine.in_process or busy or waits or few or batch >= NOMINAL_BATCH)


def _said(signals: Signals, share: float) -> str:
    total = signals.machine.highest("memory_total") or 0.0
    return f"{percent(share)} of {total / GB:.1f} GB"


def _batch(signals: Signals) -> Optional[int]:
    """The batch that was asked for; None where the memory chose it."""
    for name in ("batch", "batch_size"):
        value = signals.argument(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


RULE = Rule("gpu-memory", check, LIMITS, rank=7)
