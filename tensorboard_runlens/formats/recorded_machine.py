"""The machine and its gradients in RUN/runlens/epochs.jsonl: an object an epoch to an array a quantity.

They are decoded apart from the rest of a line, so that damage here costs neither classes nor fitness.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Optional

import msgspec
import numpy as np

from tensorboard_runlens.naming import shown
from tensorboard_runlens.run import Floats, Machine

MAX_AMOUNT = 1e18
"""Seconds, bytes, images or watts of one epoch: beyond this nothing was measured."""

MAX_NORM = 1e300
"""Gradient norms of a training that breaks down are astronomic, and still finite."""

MAX_CELSIUS = 1000
MAX_GROUPS = 64
"""Parameter groups of an optimizer; Ultralytics has three or four."""

MAX_GROUP_NAME = 40
MAX_NAMES = 128
"""Quantities of a run: those of run.Machine and as many groups again."""

Amount = Annotated[float, msgspec.Meta(ge=0, le=MAX_AMOUNT)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Norm = Annotated[float, msgspec.Meta(ge=0, le=MAX_NORM)]
Celsius = Annotated[float, msgspec.Meta(ge=-MAX_CELSIUS, le=MAX_CELSIUS)]
GroupName = Annotated[str, msgspec.Meta(max_length=MAX_GROUP_NAME)]


class Memory(msgspec.Struct, frozen=True):
    """Bytes of the accelerator."""

    allocated: Optional[Amount] = None
    reserved: Optional[Amount] = None
    peak: Optional[Amount] = None
    total: Optional[Amount] = None


class MeanShare(msgspec.Struct, frozen=True):
    """The mean of a share over the epoch."""

    mean: Optional[Share] = None


class MeanAmount(msgspec.Struct, frozen=True):
    """The mean of an amount over the epoch."""

    mean: Optional[Amount] = None


class MeanCelsius(msgspec.Struct, frozen=True):
    """The mean of a temperature over the epoch."""

    mean: Optional[Celsius] = None


class Gpu(msgspec.Struct, frozen=True):
    """What the driver says of the GPU."""

    utilisation: MeanShare = MeanShare()
    memory_used: Optional[Amount] = None
    power_watts: MeanAmount = MeanAmount()
    temperature_celsius: MeanCelsius = MeanCelsius()


class Precision(msgspec.Struct, frozen=True):
    """Mixed precision: the scale of the loss, and steps that overflowed."""

    scale: Optional[Amount] = None
    skipped_steps: Optional[Amount] = None
    steps: Optional[Amount] = None


class Work(msgspec.Struct, frozen=True):
    """The field ``machine`` of a line."""

    data_seconds: Optional[Amount] = None
    compute_seconds: Optional[Amount] = None
    batches: Optional[Amount] = None
    images: Optional[Amount] = None
    images_per_second: Optional[Amount] = None
    cpu_seconds: Optional[Amount] = None
    rss_bytes: Optional[Amount] = None
    main_memory_used: Optional[Share] = None
    memory: Optional[Memory] = None
    gpu: Optional[Gpu] = None
    amp: Optional[Precision] = None
    out_of_memory_retries: Optional[Amount] = None
    nan_recoveries: Optional[Amount] = None


class Norms(msgspec.Struct, frozen=True):
    """Gradient norms of an epoch's steps."""

    p5: Optional[Norm] = None
    p50: Optional[Norm] = None
    p95: Optional[Norm] = None
    max: Optional[Norm] = None


class Gradients(msgspec.Struct, frozen=True):
    """The field ``gradients`` of a line."""

    steps: Optional[Amount] = None
    norm: Optional[Norms] = None
    clipped: Optional[Share] = None
    not_finite: Optional[Amount] = None
    update_ratio: Annotated[
        dict[GroupName, Optional[Norm]], msgspec.Meta(max_length=MAX_GROUPS)
    ] = {}


@dataclass(frozen=True)
class MachineLine:
    """What one line says of the machine."""

    epoch: int
    seconds: Optional[float]
    work: Optional[Work]
    gradients: Optional[Gradients]


def machine_of(lines: Sequence[MachineLine]) -> Optional[Machine]:
    """The quantities by epoch, those that some line has; None where no line says anything but its duration."""
    kept = [line for line in lines if line.work or line.gradients]
    if not kept:
        return None
    values: dict[str, Floats] = {}
    for row, line in enumerate(kept):
        for name, value in _named(line):
            if name not in values and len(values) < MAX_NAMES:
                values[name] = np.full(len(kept), np.nan)
            if name in values:
                values[name][row] = value
    return Machine(np.array([line.epoch for line in kept], np.int64), values)


def _named(line: MachineLine) -> Iterator[tuple[str, float]]:
    """The values that a line has, under the names of run.Machine."""
    for name, value in (*_duration(line), *_work(line.work), *_gradients(line.gradients)):
        if value is not None:
            yield (name, value)


Named = Iterator[tuple[str, Optional[float]]]


def _duration(line: MachineLine) -> Named:
    """A clock that was set back makes an epoch of negative duration: that is none."""
    if line.seconds is not None and math.isfinite(line.seconds) and line.seconds >= 0:
        yield ("seconds", line.seconds)


def _work(work: Optional[Work]) -> Named:
    if work is None:
        return
    for name in Work.__struct_fields__:
        if name not in ("memory", "gpu", "amp"):
            yield (name, getattr(work, name))
    yield from _prefixed("memory", work.memory)
    yield from _prefixed("amp", work.amp)
    if work.gpu:
        yield ("gpu_utilisation", work.gpu.utilisation.mean)
        yield ("gpu_memory_used", work.gpu.memory_used)
        yield ("gpu_power_watts", work.gpu.power_watts.mean)
        yield ("gpu_temperature_celsius", work.gpu.temperature_celsius.mean)


def _gradients(gradients: Optional[Gradients]) -> Named:
    if gradients is None:
        return
    yield ("gradient_steps", gradients.steps)
    yield ("gradient_clipped", gradients.clipped)
    yield ("gradient_not_finite", gradients.not_finite)
    yield from _prefixed("gradient", gradients.norm)
    for group, ratio in gradients.update_ratio.items():
        yield (f"update_ratio_{shown(group)}", ratio)


def _prefixed(prefix: str, part: Optional[msgspec.Struct]) -> Named:
    for name in part.__struct_fields__ if part else ():
        yield (f"{prefix}_{name}", getattr(part, name))
