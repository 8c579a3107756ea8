"""The last epoch is clearly worse than the best one.

## What it says
best.pt and last.pt are different models; the difference is more than the noise of picking the best of many epochs.

## Why it matters
People deploy last.pt, or compare runs by their last row.

## How it decides
The main metric at the best epoch, less the median of the last five epochs, exceeds one point plus what chance gives to
the best of as many epochs as the plateau has: sigma times the root of 2 ln n. The plateau is the epochs whose running
median lies within two sigma of its highest value; sigma is the noise from epoch to epoch around the best epoch, or
that since the best stretch if it is larger, and one step of a metric that moves in steps at least. The size of the
finding is what remains beyond chance; confidence is low where that is less than three and a half standard errors of a
fall of the level. While a training goes on there is no last epoch.

## Source
Extreme-value bound of a normal sample; the median raw gap of real trainings is .7 points, mostly noise.
"""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import MODERATE_SCORE, confidence_word
from tensorboard_runlens.statistics.divergence import LAST_ROWS
from tensorboard_runlens.statistics.metric_change import SURE_ERRORS, step_of
from tensorboard_runlens.statistics.noise import running_median, second_difference_sigma
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "gap_min": Limit(0.01, "Gap beyond chance, in fractions, that matters: one point."),
    "gap_warning": Limit(0.02, "Gap beyond chance from which it is moderate: two points."),
    "gap_critical": Limit(
        0.05, "Gap beyond chance from which deploying last.pt would be a grave loss: five points."
    ),
}

EPOCHS_MIN = 10
"""Validated epochs from which the best of them means anything; as for the rule too-short."""

PLATEAU_SIGMAS = 2.0
"""Epochs whose level is as near as this to the highest could each have been the best one."""

NEAR_ROWS = 10
"""Epochs on either side of the best one that tell how noisy it was there."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a best epoch that the last ones do not reach."""
    (metric, best) = (signals.metric, signals.best_row)
    if metric is None or signals.metric_name is None or best is None or signals.short_by_design:
        return None
    known = np.flatnonzero(np.isfinite(metric) & ~signals.copied_rows)
    if len(known) < EPOCHS_MIN or best not in known[:-LAST_ROWS] or signals.state == "running":
        return None
    values = metric[known]
    gap = float(metric[best] - np.median(values[-LAST_ROWS:]))
    if gap < limits["gap_min"]:
        return None
    chance = _chance(values, int(np.searchsorted(known, best)), signals.overfitting.metric_noise)
    beyond = gap - chance
    if beyond < limits["gap_min"]:
        return None
    (group, name) = signals.metric_name.split()
    return Finding(
        severity=_severity(beyond, limits),
        confidence=confidence_word(
            MODERATE_SCORE if beyond > SURE_ERRORS * signals.overfitting.metric_error else 0.0,
            len(known),
            signals.data.n_val_images,
        ),
        summary=(
            f"Epoch {signals.epoch(best)} has {metric_words(group, name)} {metric[best]:.3f}, the last"
            f" {LAST_ROWS} epochs {metric[best] - gap:.3f}: {_compared(signals, best, beyond)}."
        ),
        clause=f"Best at epoch {signals.epoch(best)}, worse since",
        evidence={
            "gap": gap,
            "chance": chance,
            "error": signals.overfitting.metric_error,
            "threshold": limits["gap_min"],
            "best_epoch": signals.epoch(best),
            "n": len(known),
            "window": LAST_ROWS,
        },
        span=(best, signals.rows - 1),
        advice=[advise(signals, "use-best")],
    )


def _chance(values: Floats, best: int, later_noise: float) -> float:
    """What the best of as many epochs as the plateau has exceeds its level by, by luck."""
    around = second_difference_sigma(values[max(best - NEAR_ROWS, 0) : best + NEAR_ROWS + 1])
    later = 0.0 if math.isnan(later_noise) else later_noise
    sigma = max(around, later, step_of(values))
    level = running_median(values, LAST_ROWS)
    plateau = int(np.count_nonzero(level >= level.max() - PLATEAU_SIGMAS * sigma))
    return sigma * math.sqrt(2 * math.log(plateau))


def _severity(beyond: float, limits: Limits) -> str:
    if beyond < limits["gap_warning"]:
        return "info"
    return "warning" if beyond < limits["gap_critical"] else "critical"


def _compared(signals: Signals, best: int, gain: float) -> str:
    if signals.keeps_best:
        return f"best.pt is about {points(gain)} better than last.pt"
    return f"the weights of epoch {signals.epoch(best)} are about {points(gain)} better than the last ones"


RULE = Rule(
    "best-not-last",
    check,
    LIMITS,
    rank=8,
    withdrawn_by=("past-best", "diverged", "overfitting", "never-generalised", "not-learning"),
)
