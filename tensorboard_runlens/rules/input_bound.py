"""Training waits for its images.

## What it says
A good part of each epoch passes before the next batch is there. The GPU has nothing to do meanwhile.

## Why it matters
The same training could be done in less time; the result stays the same.

## How it decides
Median share of the training time (validation left out) in which the next batch was waited for, over the
epochs after the first of each process. It is quiet where the GPU was busy all the same. Severity is
the time lost in the whole training. Known of runs that the callback recorded.

## Source
TensorFlow's profiler calls a training highly input-bound from 20 % of the step time on. Ultralytics and
YOLOv5 start no more loader processes than there are CPU cores for each GPU, so asking for 8 is safe;
on a CPU they load the images in the training process, whatever ``workers`` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.releases.consequences import legal
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.machine import HIGHLY_INPUT_BOUND
from tensorboard_runlens.words import duration, percent

LIMITS = {
    "share_min": Limit(
        HIGHLY_INPUT_BOUND,
        "Share of waiting from which TensorFlow's profiler calls a training highly input-bound.",
    ),
    "hours_min": Limit(0.02, "Hours lost that are worth a word: a good minute."),
    "hours_warning": Limit(1.0, "Hours lost that are worth changing an argument for."),
    "busy_max": Limit(0.9, "A GPU that was busy more of the time than this did not wait."),
}

ENOUGH_WORKERS = 8
"""The frameworks' own default, for each GPU."""

CHANNELS = 3
RAM_MAX_BYTES = 32e9
"""Half the memory of a common workstation of 64 GB; larger sets are cached on disk."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports waiting for data."""
    machine = signals.machine
    (share, seconds) = (machine.waiting, machine.typical("data_seconds"))
    if share is None or seconds is None or share < limits["share_min"]:
        return None
    (busy, hours) = (machine.typical("gpu_utilisation"), machine.hours(seconds))
    if hours < limits["hours_min"] or (busy is not None and busy > limits["busy_max"]):
        return None
    return Finding(
        severity="warning" if hours >= limits["hours_warning"] else "info",
        confidence="moderate" if busy is None else "high",
        summary=f"{_what(signals)} {percent(share)} of the training time, {_when(signals, hours)}{_idle(busy)}.",
        clause=f"{_what(signals)} {percent(share)} of the time",
        evidence={
            "wait_share": share,
            "seconds_an_epoch": seconds,
            "hours": hours,
            "workers": _number(signals, "workers"),
            "gpu_utilisation": busy,
        },
        span=machine.span,
        advice=list(_advice(signals)),
    )


def _what(signals: Signals) -> str:
    return "Loading images takes" if _in_process(signals) else "Training waits for images"


def _in_process(signals: Signals) -> bool:
    return signals.machine.in_process or _number(signals, "workers") == 0


def _when(signals: Signals, hours: float) -> str:
    by_its_end = " by its end" if signals.state == "running" else ""
    return f"{duration(hours)} in all{by_its_end}"


def _idle(busy: Optional[float]) -> str:
    return "" if busy is None else f"; the GPU is busy {percent(busy)} of it"


def _advice(signals: Signals) -> Iterator[Advice]:
    ways = [*_workers(signals), *_cache(signals)]
    yield from ways
    if not ways:
        said = "Store the images at the size they are trained at, or use lighter augmentation."
        yield Advice("lighter-input", said)


def _workers(signals: Signals) -> Iterator[Advice]:
    """More loader processes, where the device allows for any."""
    workers = _number(signals, "workers")
    if signals.machine.in_process or (workers is not None and workers >= ENOUGH_WORKERS):
        return
    if workers is None or not legal("workers", signals.run):
        said = (
            "Raise num_workers of the DataLoader to the number of CPU cores for each GPU at most."
        )
        yield Advice("more-workers", said)
        return
    said = "Load images in more processes; no more are started than there are CPU cores."
    yield Advice("more-workers", said, ("workers", workers, ENOUGH_WORKERS))


def _cache(signals: Signals) -> Iterator[Advice]:
    """Decoding each image once, where that is not done yet."""
    cache = signals.argument("cache")
    if cache not in (None, False, "False") or not legal("cache", signals.run):
        return
    size = _cached_bytes(signals)
    where = "disk" if size is not None and size > RAM_MAX_BYTES else "ram"
    needs = "" if size is None else f"; it takes at most {size / 1e9:.1f} GB"
    yield Advice("cache", f"Decode each image once and keep it{needs}.", ("cache", False, where))


def _cached_bytes(signals: Signals) -> Optional[float]:
    """Bytes of the training images at training size."""
    (images, size) = (signals.data.n_train_images, _number(signals, "imgsz"))
    return None if images is None or size is None else float(images) * size * size * CHANNELS


def _number(signals: Signals, name: str) -> Optional[int]:
    value = signals.argument(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


RULE = Rule("input-bound", check, LIMITS, rank=7)
