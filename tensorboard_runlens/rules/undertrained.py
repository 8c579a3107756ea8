"""The metric was still rising when the training ended.

## What it says
The best epochs are the last ones, and the curve had not levelled off.

## Why it matters
The model has probably not reached what its data and its size allow. A new training with a longer schedule, or one
that starts from these weights, is the cheapest thing to try. It is no promise: the learning rate has come down to its
end, and what more epochs bring is not in the curve. Resuming a finished training is no substitute.

## How it decides
The training has ended, after twenty validated epochs or more. The highest level of the main metric (median of five
epochs in a row) is that of the last 3 % of the run, and curves that level off, fitted to the metric, would rise by 4 %
or more of that level in as many epochs again. That the best epoch comes late is no finding by itself: almost every
second training ends so, for the learning rate falls to the end. How sure it is says a trend test over the last quarter
that allows for neighbouring epochs erring alike. A training that was stopped early is judged alike: more epochs are
advised only where the best ones are the last ones.

## Source
Limits from 167 real trainings that two people judged by their plots: of those said to be still improving it finds 48 of
56, with 5 false alarms (benchmarks/end_by_eye.py). Guide 001 advises more epochs after early stopping, where the
opposite is likelier.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import stopped_by_runlens
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.progress import ENDED
from tensorboard_runlens.statistics.assess import HIGH_SCORE, MODERATE_SCORE, confidence_word
from tensorboard_runlens.statistics.forecast import LEVEL_MIN
from tensorboard_runlens.statistics.late_trend import Trend
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "epochs_min": Limit(20, "Validated epochs: shorter curves are still in their first rise.", 10),
    "best_share_min": Limit(0.97, "The highest level comes in the last 3 % of the run."),
    "rise_min": Limit(
        0.04, "Rise in as many epochs again, as share of the level: best agreement with the eye."
    ),
    "rise_warning": Limit(
        0.1,
        "Rise in as many epochs again from which it is a warning: ten points. Below, a sound training could merely go"
        " on.",
    ),
}

SAID_MIN = 0.0005
"""A rise of the last quarter that would be said as 0.0 points is none."""

P_MAX = 0.05
"""A rise of the last quarter that chance explains more often than this leaves the finding unsure."""

P_SURE = 0.01
"""One that chance explains in one of a hundred cases or fewer is sure."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a metric that had not levelled off."""
    progress = signals.progress
    if progress.state not in ENDED or len(progress.values) < limits["epochs_min"]:
        return None
    if progress.level < LEVEL_MIN or progress.best_share < limits["best_share_min"]:
        return None
    if progress.again < limits["rise_min"] * progress.level:
        return None
    late = progress.late
    if late is None or late.gain < SAID_MIN or signals.metric_name is None:
        return None
    return _finding(signals, late, signals.metric_name, limits)


def _finding(signals: Signals, late: Trend, metric: str, limits: Limits) -> Finding:
    progress = signals.progress
    what = metric_words(*metric.split())
    (low, high) = late.interval
    count = len(progress.values) - late.first
    return Finding(
        severity="warning" if progress.again >= limits["rise_warning"] else "info",
        confidence=confidence_word(
            _score(late.p_rising), len(progress.values), signals.data.n_val_images
        ),
        summary=(
            f"{points(late.gain)} of {what} came in the last {count} epochs ({_range(low, high)}), and its"
            " level is highest at the end: it had not levelled off."
        ),
        clause=f"Still rising at its end, epoch {signals.epoch(signals.rows - 1)}",
        evidence={
            "level": progress.level,
            "gain": late.gain,
            "gain_low": low,
            "gain_high": high,
            "p_rising": late.p_rising,
            "rise_in_as_many_again": progress.again,
            "threshold": limits["rise_min"] * progress.level,
            "best_share": progress.best_share,
            "train_late_fall": progress.train_late_fall,
            "window": count,
        },
        span=(int(progress.rows[late.first]), signals.rows - 1),
        advice=[_more_epochs(signals), advise(signals, "own-weights")],
    )


def _more_epochs(signals: Signals) -> Advice:
    by_patience = signals.state == "early_stopped" and stopped_by_runlens(signals.run) is None
    return advise(signals, "more-patience" if by_patience else "train-longer")


def _score(p_rising: float) -> float:
    """How sure the trend of the last quarter is."""
    if p_rising <= P_SURE:
        return HIGH_SCORE
    return MODERATE_SCORE if p_rising <= P_MAX else 0.0


def _range(low: float, high: float) -> str:
    return f"90 % interval {100 * low:.1f} to {100 * high:.1f}"


RULE = Rule(
    "undertrained", check, LIMITS, rank=4, withdrawn_by=("never-generalised", "not-learning")
)
