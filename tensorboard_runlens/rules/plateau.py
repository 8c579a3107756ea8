"""The metric has levelled off long before the planned end.

## What it says
Of a training that goes on, or could be resumed: another point is unlikely in the epochs that are left. Of one that has
ended: most of its epochs brought nothing.

## Why it matters
The time is better spent on another model, other data or another setting. For a training that has ended it says how many
epochs a repetition needs. It says nothing against a longer schedule: a learning rate that falls to zero lets every
metric level off at the end of its own plan.

## How it decides
While epochs are left, the metric at the planned end is forecast from curves that level off, with an interval and a
chance that were measured on real trainings; it is a finding where fewer than three in ten such trainings gained another
point and a tenth of the plan is left. After the planned end: the level of the main metric (median of five epochs) came
within one point of its highest, and within 5 % of it, in the first half of the run, and did not fall again. Early
stopping is its own finding.

## Source
Guide 001: metrics level off early. Forecasts: benchmarks/forecast_coverage.py, on trainings of repositories whose
errors were not used.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import confidence_word
from tensorboard_runlens.statistics.forecast import GAIN_MIN, LEVEL_MIN, UNLIKELY, Forecast
from tensorboard_runlens.words import count, metric_words, points

LIMITS = {
    "chance_max": Limit(UNLIKELY, "Chance of another point up to which it is called unlikely."),
    "left_min": Limit(0.1, "Share of the plan that must be left: less is soon over."),
    "within": Limit(GAIN_MIN, "Distance to the highest level that counts as reached: one point."),
    "reached_max": Limit(0.5, "Share of the run after which most of its epochs were in vain."),
    "epochs_min": Limit(20, "Validated epochs: shorter runs have no time to level off.", 10),
}

WITHIN_SHARE = 0.05
"""A low metric is reached at 95 % of its highest level: one point may be all it has."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports epochs that bring nothing."""
    if signals.metric_name is None or signals.short_by_design:
        return None
    forecast = signals.forecast
    if forecast is not None:
        return _going_on(signals, forecast, limits)
    if signals.state not in ("finished", "unknown"):
        return None
    return _ended(signals, limits)


def _going_on(signals: Signals, forecast: Forecast, limits: Limits) -> Optional[Finding]:
    planned = signals.progress.planned
    if planned is None or forecast.epochs_left < limits["left_min"] * planned:
        return None
    if forecast.chance > limits["chance_max"]:
        return None
    (low, high) = forecast.interval
    return Finding(
        severity="info",
        confidence=_confidence(signals, 1 - forecast.chance),
        summary=(
            f"{forecast.now:.3f} {_what(signals)} now, {low:.3f} to {high:.3f} expected at the planned end (80 %"
            f" interval): one point more is unlikely in the {count(forecast.epochs_left, 'epoch')} left."
        ),
        clause=f"Levelled off, {count(forecast.epochs_left, 'epoch')} before its planned end",
        evidence={
            "now": forecast.now,
            "expected": forecast.expected,
            "low": low,
            "high": high,
            "chance": forecast.chance,
            "threshold": limits["chance_max"],
            "epochs_left": forecast.epochs_left,
            "n": len(signals.progress.values),
        },
        span=(0, signals.rows - 1),
        advice=[advise(signals, "stop-here" if signals.state == "running" else "do-not-resume")],
    )


def _ended(signals: Signals, limits: Limits) -> Optional[Finding]:
    progress = signals.progress
    if len(progress.values) < limits["epochs_min"] or progress.level < LEVEL_MIN:
        return None
    if signals.overfitting.quality == "worse":
        return None
    within = min(limits["within"], WITHIN_SHARE * progress.level)
    settled = progress.settled(within)
    if settled is None or settled.row + 1 > limits["reached_max"] * signals.rows:
        return None
    (epoch, in_vain) = (signals.epoch(settled.row), signals.rows - 1 - settled.row)
    return Finding(
        severity="info",
        confidence=_confidence(signals, 1.0),
        summary=(
            f"{points(settled.gained)} of {_what(signals)} came in the last {in_vain} of {signals.rows} epochs: it"
            f" levelled off by epoch {epoch}."
        ),
        clause=f"Levelled off by epoch {epoch}",
        evidence={
            "level": progress.level,
            "gained_since": settled.gained,
            "threshold": within,
            "epoch_reached": epoch,
            "epochs_in_vain": in_vain,
            "n": len(progress.values),
        },
        span=(settled.row, signals.rows - 1),
        advice=[advise(signals, "fewer-epochs")],
    )


def _what(signals: Signals) -> str:
    return metric_words(*(signals.metric_name or "").split())


def _confidence(signals: Signals, score: float) -> str:
    return confidence_word(score, len(signals.progress.values), signals.data.n_val_images)


RULE = Rule(
    "plateau",
    check,
    LIMITS,
    rank=8,
    withdrawn_by=(
        "overfitting",
        "past-best",
        "never-generalised",
        "not-learning",
        "diverged",
        "undertrained",
        "too-short",
    ),
)
