"""The JSON of how a run's losses and metrics went, epoch by epoch and in sum."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema.terms import Number, Span


class Series(msgspec.Struct, frozen=True):
    """One value an epoch of the last segment, gaps null; ``seconds`` is training time so far.

    ``machine`` is what the callback recorded of the machine, by the names of docs/recorded_data.md joined by "_"
    (data_seconds, memory_peak, gpu_utilisation, amp_scale, gradient_p50, update_ratio_pg0 ...): seconds, bytes, shares
    0..1. ``wait_share`` is that of waiting in the training time, ``other_seconds`` are validation and saving.
    ``not_finite`` has the rows of either side in which a loss is NaN or infinite: their nulls are no gaps.
    """

    epoch: list[int]
    train: dict[str, list[Number]]
    val: dict[str, list[Number]]
    metrics: dict[str, dict[str, list[Number]]]
    lr: dict[str, list[Number]]
    seconds: Optional[list[Number]]
    machine: dict[str, list[Number]] = {}
    not_finite: dict[str, list[int]] = {}


class Totals(msgspec.Struct, frozen=True):
    """Sum of the loss components that are in use, one value an epoch, null where a component is missing."""

    train: Optional[list[Number]]
    val: Optional[list[Number]]


class Extreme(msgspec.Struct, frozen=True):
    """A value and the epoch that has it."""

    value: Number
    epoch: Optional[int]


class Statistic(msgspec.Struct, frozen=True):
    """A line of the best/worst/mean/now table; ``group`` is train, val, box, mask, pose, pixel, classify."""

    group: str
    name: str
    better: Literal["higher", "lower"]
    best: Extreme
    worst: Extreme
    mean: Number
    now: Extreme


class Trend(msgspec.Struct, frozen=True):
    """How a loss or a metric moved in its last quarter, from epoch ``since`` on: ``change`` in its own unit by the
    median slope, with the 90 % ``interval``. ``group`` as in Statistic; losses by component. ``per_ten`` and
    ``per_ten_interval`` are the same over ten epochs; ``said`` is level where the interval holds zero."""

    group: str
    name: str
    change: Number
    interval: tuple[Number, Number]
    since: int
    per_ten: Number
    per_ten_interval: tuple[Number, Number]
    said: Literal["improving", "worsening", "level"]


class Phase(msgspec.Struct, frozen=True):
    """A phase of the main metric: where it rose fast (up to four fifths of its way), slowly, or evenly (rising), was
    stable, or fell from its best. ``gain`` is what it rose there, a fraction; negative where it fell."""

    name: Literal["rapid", "slow", "rising", "stable", "declining"]
    span: Span
    gain: float


class Forecast(msgspec.Struct, frozen=True):
    """The main metric (group and name, as "box map50_95") when the plan's remaining ``epochs_left`` are done.

    ``now`` is the highest level so far, ``expected`` that of the end, ``interval`` holds it in four of five such
    trainings; levels are medians of five epochs. ``gain``: whether one point (.01) more will come."""

    metric: str
    now: float
    expected: float
    interval: tuple[float, float]
    gain: Literal["likely", "open", "unlikely"]
    epochs_left: int
