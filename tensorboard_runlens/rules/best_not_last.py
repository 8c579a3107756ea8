"""The last epoch is clearly worse than the best one.

## What it says
best.pt and last.pt are different models; the difference is more than the noise of picking the best
of many epochs.

## Why it matters
People deploy last.pt, or compare runs by their last row.

## How it decides
The main metric at the best epoch, less the median of the last five epochs, exceeds one point plus
what chance gives to the best of as many epochs: sigma times the root of 2 ln n.

## Source
Extreme-value bound of a normal sample; median raw gap of real trainings is .7 points, mostly noise.
"""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import LAST_ROWS, Signals
from tensorboard_runlens.statistics.noise import second_difference_sigma
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "gap_min": Limit(0.01, "Gap beyond chance, in fractions, that matters: one point."),
    "gap_warning": Limit(
        0.05, "Gap beyond chance from which deploying last.pt would be a real loss: five points."
    ),
}

EPOCHS_MIN = 10
"""Validated epochs from which the best of them means anything; as for the rule too-short."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a best epoch that the last ones do not reach."""
    (metric, best) = (signals.metric, signals.best_row)
    if (
        metric is None
        or signals.metric_name is None
        or best is None
        or not np.isfinite(metric[best])
    ):
        return None
    values = metric[np.isfinite(metric)]
    if len(values) < EPOCHS_MIN or best >= signals.rows - LAST_ROWS:
        return None
    gap = float(metric[best] - np.median(values[-LAST_ROWS:]))
    sigma = second_difference_sigma(values[len(values) // 2 :])
    chance = sigma * math.sqrt(2 * math.log(len(values)))
    if gap - chance < limits["gap_min"]:
        return None
    (group, name) = signals.metric_name.split()
    return Finding(
        severity="warning" if gap - chance >= limits["gap_warning"] else "info",
        confidence="moderate",
        summary=(
            f"Epoch {signals.epoch(best)} has {metric_words(group, name)} {metric[best]:.3f}, the last"
            f" {LAST_ROWS} epochs {metric[best] - gap:.3f}: {_compared(signals, best, gap - chance)}."
        ),
        clause=f"Best at epoch {signals.epoch(best)}, worse since",
        evidence={"gap": gap, "chance": chance, "best_epoch": signals.epoch(best)},
        span=(best, signals.rows - 1),
        advice=[Advice("use-best", _advised(signals, best))],
    )


def _compared(signals: Signals, best: int, gain: float) -> str:
    if signals.keeps_best:
        return f"best.pt is about {points(gain)} better than last.pt"
    return f"the weights of epoch {signals.epoch(best)} are about {points(gain)} better than the last ones"


def _advised(signals: Signals, best: int) -> str:
    if signals.keeps_best:
        return "Deploy best.pt, not last.pt."
    return f"Deploy the weights of epoch {signals.epoch(best)}, not the last ones."


RULE = Rule("best-not-last", check, LIMITS, rank=8)
