"""The learning rate did not go as it should.

## What it says
One of these, the weightiest first: the rate never decayed, or went another way than the arguments say; it was set up
again in mid-training; it decayed while the metric was still rising; there was no warm-up, or it took a good part of the
training.

## Why it matters
The end of a schedule, where the rate is low, is where a detector gains its last points. A rate that never fell leaves
them there, one that fell too early does the same, and a metric that steps where the rate steps is not about the data.

## How it decides
The arguments of Ultralytics, YOLOv5 and YOLOv7 (``lrf``, ``cos_lr``, ``epochs``) imply a linear or a cosine decay;
it is compared epoch by epoch with the lowest parameter group after warm-up, whose length in iterations is taken from
the rates themselves. A bias group that falls in warm-up is normal. Other programs are judged by the rates alone.
Restarts and a schedule other than the arguments' are information; a rate that should have decayed and did
not, or that was low long before the metric stopped rising, is a warning.

## Source
Ultralytics engine/trainer.py, YOLOv5 and YOLOv7 train.py. Of 356 real runs with rates none left its arguments'
schedule by more than an eighth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import first_epoch_number, planned_epochs
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.trend import falling_p
from tensorboard_runlens.words import metric_words, percent

LIMITS = {
    "epochs_min": Limit(20, "Epochs below which warm-up and decay cannot be told apart."),
    "misfit_min": Limit(
        1.25, "Times by which the rate leaves the implied one; real runs stay within 1.13."
    ),
    "low_share": Limit(0.05, "Share of the peak below which hardly anything is learnt any more."),
    "low_epochs_min": Limit(
        0.2, "Share of the epochs below it; a cosine of Ultralytics spends 13 % there, a line 4 %."
    ),
    "begun_min": Limit(
        0.9, "Share of the full rate in the first epoch; a warm-up of three epochs has a third."
    ),
    "warm_up_max": Limit(0.33, "A third of the training spent below the rate that was asked for."),
}

ASKED_MIN = 2.0
"""Epochs of warm-up after the first of which the rate is at half its height or below."""

RISING_P = 0.01
"""Chance of a metric without a trend to rise as much (Mann-Kendall): one in a hundred."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the weightiest fault of the learning rate."""
    schedule = signals.schedule
    if schedule.rate is None or signals.rows < limits["epochs_min"] or signals.short_by_design:
        return None
    return next(_faults(signals, limits), None)


def _faults(signals: Signals, limits: Limits) -> Iterator[Finding]:
    for fault in (
        _misfit,
        _restarts,
        _constant,
        _decayed_early,
        _no_warm_up,
        _long_warm_up,
    ):
        found = fault(signals, limits)
        if found:
            yield found


def _misfit(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Another schedule than that of the arguments, or none at all."""
    (schedule, misfit, implied) = (
        signals.schedule,
        signals.schedule.misfit,
        signals.schedule.implied,
    )
    if misfit is None or implied is None or misfit.max() < limits["misfit_min"]:
        return None
    if schedule.restarts:
        return None  # said in its own words
    row = int(misfit.argmax())
    (logged, wanted) = (float(_rate(signals)[row]), float(implied.rate[row]))
    never = schedule.constant
    how = "never decayed" if never else "left its arguments' schedule"
    return Finding(
        severity="warning" if never else "info",
        confidence="high",
        summary=(
            f"The learning rate {how}: {logged:.3g} at epoch {signals.epoch(row)}, where the arguments imply"
            f" {wanted:.3g}."
        ),
        clause=f"Learning rate {how}",
        evidence={
            "fault": "never_decayed" if never else "misfit",
            "rate": logged,
            "implied": wanted,
            "times": float(misfit[row]),
            "threshold": limits["misfit_min"],
            "epochs": signals.rows,
        },
        span=(schedule.warm_row, signals.rows - 1),
        advice=[advise(signals, "decay-lr")],
    )


def _restarts(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Rates that were set up again."""
    rows = signals.schedule.restarts
    if not rows:
        return None
    (rate, row) = (_rate(signals), rows[0])
    more = f" and {len(rows) - 1} times more" if len(rows) > 1 else ""
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"The learning rate was set up again from {rate[row - 1]:.3g} to {rate[row]:.3g} at epoch"
            f" {signals.epoch(row)}{more}: steps of the curves there are the schedule's."
        ),
        clause=f"Learning rate set up again at epoch {signals.epoch(row)}",
        evidence={
            "fault": "restart",
            "epochs": [signals.epoch(one) for one in rows[:10]],
            "restarts": len(rows),
            "from": float(rate[row - 1]),
            "to": float(rate[row]),
        },
        span=(row, signals.rows - 1),
        advice=[advise(signals, "resume-not-restart")],
    )


def _constant(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A rate that stays where it is although the metric has stopped rising; known by the rates alone."""
    schedule = signals.schedule
    if schedule.implied is not None or not schedule.constant or signals.metric is None:
        return None
    first = signals.rows - signals.rows // 4
    if _rising(signals, first):
        return None
    rate = float(_rate(signals)[-1])
    return Finding(
        severity="info",
        confidence="moderate",
        summary=(
            f"The learning rate stayed at {rate:.3g} through all {signals.rows} epochs, and the last quarter of them"
            " shows no rise above the noise."
        ),
        clause="Learning rate never decayed",
        evidence={"fault": "constant", "rate": rate, "epochs": signals.rows},
        span=(first, signals.rows - 1),
        advice=[advise(signals, "decay-lr")],
    )


def _decayed_early(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A metric that still rises long after the rate has become low."""
    (rate, peak) = (_rate(signals), signals.schedule.peak or 0.0)
    high = np.flatnonzero(rate >= limits["low_share"] * peak)
    if not len(high):
        return None  # the limit is above the whole rate
    first = int(high[-1]) + 1
    share = (signals.rows - first) / signals.rows
    if share < limits["low_epochs_min"] or not _rising(signals, first):
        return None
    (group, name) = (signals.metric_name or "").split()
    return Finding(
        severity="warning",
        confidence="moderate",
        summary=(
            f"The learning rate is below {percent(limits['low_share'])} of its peak for {percent(share)} of the epochs,"
            f" from epoch {signals.epoch(first)} on, while {metric_words(group, name)} is still rising."
        ),
        clause=f"Learning rate decayed by epoch {signals.epoch(first)}, too early",
        evidence={"fault": "decayed_early", "share": share, "peak": peak, "epochs": signals.rows},
        span=(first, signals.rows - 1),
        advice=[advise(signals, "slower-decay")],
    )


def _no_warm_up(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A rate that stood at its full height in the first epoch although a warm-up was asked for."""
    (asked, initial) = (signals.argument("warmup_epochs"), signals.schedule.initial)
    if initial is None or not isinstance(asked, (int, float)) or asked < ASKED_MIN:
        return None
    first = float(_rate(signals)[0])
    if signals.epoch(0) != first_epoch_number(signals.run) or first < limits["begun_min"] * initial:
        return None
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"No warm-up: the learning rate is {first:.3g} in the first epoch already, where warmup_epochs={asked:g}"
            " asks for a rise."
        ),
        clause="No warm-up",
        evidence={"fault": "no_warm_up", "rate": first, "initial": initial, "asked": float(asked)},
        span=(0, 0),
        advice=[advise(signals, "warm-up")],
    )


def _long_warm_up(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A warm-up of many epochs: as many were asked for, or they have few batches, of which it takes at least 100."""
    planned = planned_epochs(signals.run)
    if signals.schedule.implied is None or not planned:
        return None
    warm = signals.schedule.warm_row + 1
    if warm < limits["warm_up_max"] * planned:
        return None
    asked = signals.argument("warmup_epochs")
    wanted = isinstance(asked, (int, float)) and asked >= limits["warm_up_max"] * planned
    why = f"warmup_epochs={asked:g} asks for it" if wanted else "an epoch has few batches"
    shorter = [advise(signals, "shorter-warm-up")] if wanted else [advise(signals, "smaller-batch")]
    return Finding(
        severity="info",
        confidence="high",
        summary=(
            f"Warm-up took {warm} of {planned} epochs: {why}, and the learning rate was below the one of its schedule"
            " all that time."
        ),
        clause=f"Warm-up took {warm} of {planned} epochs",
        evidence={"fault": "long_warm_up", "warm_up": warm, "planned": planned},
        span=(0, warm - 1),
        advice=[advise(signals, "train-longer"), *shorter],
    )


def _rising(signals: Signals, first: int) -> bool:
    """Whether the metric rises from a row on, by more than chance."""
    if signals.metric is None:
        return False
    values = signals.metric[first:]
    return falling_p(-values[np.isfinite(values)]) < RISING_P


def _rate(signals: Signals) -> Floats:
    return np.asarray(signals.schedule.rate)


RULE = Rule("lr-schedule", check, LIMITS, rank=6)
