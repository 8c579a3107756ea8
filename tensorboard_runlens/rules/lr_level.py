"""The learning rate was too high or too low for this training.

## What it says
Too high: once warm-up had brought the rate to its peak the training loss stood higher than before. Too low: a small
rate, with which the loss still falls as fast as the rate lets it when training ends.

## Why it matters
Both waste a training that looks as if it had worked. Curves cannot tell a good rate from one twice as high; these two
are far off.

## How it decides
Too high: the median training loss of the epochs after warm-up against that at its end; spikes are the second sign.
Too low: a peak below the limit, no weights that knew the task from the beginning, and of three signs at least one of
the first two: the first fifth of the training hardly moved the loss; the second half of the summed rate took off
nearly as much as the first half; the best epoch is among the last. One sign alone has low confidence. Programs other
than Ultralytics, YOLOv5 and YOLOv7 may give parts of the model a lower rate on purpose: of them it is not said.

## Source
Limits proposed. Of 278 real runs of at least 20 epochs three stand higher after warm-up by the limit, and all five
that are called too low ended below 4 % mAP50-95.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.learning_rate import WITH_SCHEDULE
from tensorboard_runlens.statistics.learning_rate import early_fall, late_by_early, level_after
from tensorboard_runlens.statistics.noise import running_median
from tensorboard_runlens.words import percent

LIMITS = {
    "epochs_min": Limit(20, "Epochs below which warm-up is most of the training."),
    "level_min": Limit(
        1.1, "Training loss after warm-up by that at its end; 3 of 278 real runs exceed it."
    ),
    "low_rate": Limit(1e-4, "A hundredth of the default rate of SGD, a tenth of that of AdamW."),
}

SPIKE = 1.3
"""Times the running median that is a spike; a real run in six has one."""

SPIKE_WINDOW = 7
"""Epochs of that running median."""

EARLY_FALL = 0.05
"""A loss that the first fifth of the training took less than 5 % off has hardly moved."""

STILL_FALLING = 0.5
"""The second half of the summed rate took off half as much as the first, or more: no sign of an end yet."""

BEGUN_TRAINED = 0.8
"""A metric that has this share of its best in the first fifth began with weights that knew the task."""

LATE = 0.9
"""A best epoch in the last tenth was not the last improvement."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a learning rate that is far off."""
    if signals.schedule.rate is None or signals.rows < limits["epochs_min"]:
        return None
    if signals.short_by_design:
        return None
    return _too_high(signals, limits) or _too_low(signals, limits)


def _too_high(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A training loss that stands higher after warm-up than at its end."""
    (loss, warm) = (_loss(signals), signals.schedule.warm_row)
    level = 1.0 if loss is None else level_after(loss, warm)
    if loss is None or level < limits["level_min"]:
        return None
    (third, peak) = (slice(warm, warm + signals.rows // 3), signals.schedule.peak or 0.0)
    spikes = int((loss > SPIKE * running_median(loss, SPIKE_WINDOW))[third].sum())
    spiked = f", with {spikes} spikes above {SPIKE:g} times its median" if spikes else ""
    return Finding(
        severity="warning",
        confidence="moderate" if spikes else "low",
        summary=(
            f"The learning rate may be too high: the training loss stands {percent(level - 1)} above its level at the"
            f" end of warm-up (epoch {signals.epoch(warm)}, rate {peak:.3g}){spiked}."
        ),
        clause=f"Learning rate {peak:.3g} may be too high",
        evidence={"fault": "too_high", "level": level, "spikes": spikes, "peak": peak},
        span=(warm, min(warm + signals.rows // 3, signals.rows - 1)),
        advice=[advise(signals, "lower-lr")],
    )


def _too_low(signals: Signals, limits: Limits) -> Optional[Finding]:
    """A small rate with which the loss falls no faster than the rate lets it."""
    (loss, peak) = (_loss(signals), signals.schedule.peak or 0.0)
    if signals.run.framework not in WITH_SCHEDULE or peak >= limits["low_rate"]:
        return None
    if loss is None or _begun_trained(signals):
        return None
    warm = signals.schedule.warm_row
    signs = {
        "hardly_moved": early_fall(loss, warm) < EARLY_FALL,
        "still_falling": late_by_early(loss, np.asarray(signals.schedule.rate), warm)
        >= STILL_FALLING,
        "best_at_the_end": (signals.best_row or 0) >= LATE * signals.rows,
    }
    if not (signs["hardly_moved"] or signs["still_falling"]):
        return None
    return Finding(
        severity="warning",
        confidence="moderate" if sum(signs.values()) > 1 else "low",
        summary=(f"The learning rate may be too low: its peak is {peak:.3g}, and {_said(signs)}."),
        clause=f"Learning rate {peak:.3g} may be too low",
        evidence={"fault": "too_low", "peak": peak, "threshold": limits["low_rate"], **signs},
        span=(warm, signals.rows - 1),
        advice=[advise(signals, "raise-lr")],
    )


def _said(signs: Mapping[str, bool]) -> str:
    if signs["still_falling"]:
        return "the training loss falls no faster than that lets it, to the end"
    return "the first fifth of the training hardly moved the training loss"


def _begun_trained(signals: Signals) -> bool:
    """Whether the metric was near its best from the beginning."""
    if signals.metric is None or not np.isfinite(signals.metric).any():
        return False
    begun = signals.metric[: signals.schedule.warm_row + signals.rows // 5 + 1]
    best = float(np.nanmax(signals.metric))
    return bool(np.isfinite(begun).any() and np.nanmax(begun) >= BEGUN_TRAINED * best > 0)


def _loss(signals: Signals) -> Optional[Floats]:
    loss = signals.train_total
    return loss if loss is not None and np.isfinite(loss).all() else None


RULE = Rule("lr-level", check, LIMITS, rank=6)
