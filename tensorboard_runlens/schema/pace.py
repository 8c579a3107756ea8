"""The JSON of how fast a run learnt and ran: its learning rate against the schedule asked for, and its time."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.terms import Number, Span


class Schedule(msgspec.Struct, frozen=True):
    """The learning rate as it should have gone. ``expected`` is the rate that the arguments imply, one value an epoch,
    scaled to the rate at the end of warm-up; null where no schedule is known, and ``why_not`` says why. ``warmup`` is
    the span in which the rate rises. ``peak`` and ``final`` are the highest and the last rate of the lowest parameter
    group. ``notes`` are sentences for a person."""

    expected: Optional[list[Number]]
    why_not: Optional[str]
    warmup: Optional[Span]
    peak: Number
    final: Number
    notes: list[str]


class Pace(msgspec.Struct, frozen=True):
    """Seconds of each epoch (null where unknown), their median, the epochs that were slow for this machine, the seconds
    in all and, while it trains, until the planned end. ``images_per_second`` is training images by the median, which
    holds validation, too."""

    seconds: list[Number]
    median: Number
    slow: list[int]
    total: Number
    left: Number
    images_per_second: Number
