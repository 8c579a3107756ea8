"""How a run's losses and metrics went, as the JSON structs: by epoch, at best, at worst, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.numbers import digits
from tensorboard_runlens.plain_values import rounded
from tensorboard_runlens.run import MAIN_METRICS, Floats, Integers, Run
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.following import following
from tensorboard_runlens.statistics.late_trend import EPOCHS_MIN, Trend, late_trend
from tensorboard_runlens.statistics.phases import phases as found_phases
from tensorboard_runlens.statistics.unsteady import late_noise
from tensorboard_runlens.words import metric_words, percent

LOSSES = ("train", "val")
"""Groups whose values are the better the lower they are."""

PER = 10
"""Epochs over which slopes are told: a change that one sees in a chart."""

SEEN = 0.0005
"""Three decimals show no smaller noise."""

FOLLOWS = (
    (0.8, "follows training loss"),
    (0.4, "follows training loss only in part"),
    (-1.0, "does not follow training loss"),
)
"""Rank correlations from which on, in words: .8 and .4 are the usual borders of strong and moderate."""


def final(run: Run) -> Optional[dict[str, dict[str, Optional[float]]]]:
    """Metrics of the validation after training, by group and name; None where there was none."""
    if run.logged.final is None:
        return None
    return {
        group: {name: rounded(value) for (name, value) in named.items()}
        for (group, named) in run.logged.final.items()
    }


def statistics(analysis: Analysis) -> Iterable[schema.Statistic]:
    """The best/worst/mean/now table: metrics of every group, then the summed losses."""
    history = analysis.run.history
    for group in MAIN_METRICS:
        for name, values in history.metrics.get(group, {}).items():
            yield from _statistic(analysis, group, name, values, higher=True)
    for side, total in (
        ("train", analysis.signals.train_total),
        ("val", analysis.signals.val_total),
    ):
        if total is not None:
            yield from _statistic(analysis, side, "loss", total, higher=False)


def _statistic(
    analysis: Analysis, group: str, name: str, values: Floats, higher: bool
) -> Iterable[schema.Statistic]:
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return
    (high, low) = (int(known[np.argmax(values[known])]), int(known[np.argmin(values[known])]))
    (best, worst) = (high, low) if higher else (low, high)
    yield schema.Statistic(
        group=group,
        name=name,
        better="higher" if higher else "lower",
        best=_extreme(analysis, values, best),
        worst=_extreme(analysis, values, worst),
        mean=rounded(float(values[known].mean())),
        now=_extreme(analysis, values, int(known[-1])),
    )


def trends(analysis: Analysis) -> Iterable[schema.Trend]:
    """Of every loss component and metric that was measured often enough; none of runs that are short by design."""
    history = analysis.run.history
    groups = {"train": history.train, "val": history.val, **history.metrics}
    for group, named in groups.items() if not analysis.signals.short_by_design else ():
        for name, values in named.items():
            known = np.flatnonzero(np.isfinite(values))
            if len(known) >= EPOCHS_MIN:
                yield _trend(analysis, group, name, known, late_trend(values[known]))


def _trend(
    analysis: Analysis, group: str, name: str, known: Integers, trend: Trend
) -> schema.Trend:
    (low, high) = trend.interval
    (first, last) = (analysis.signals.epoch(int(row)) for row in (known[trend.first], known[-1]))
    ten = PER / (last - first)
    return schema.Trend(
        group=group,
        name=name,
        change=rounded(trend.gain),
        interval=(rounded(low), rounded(high)),
        since=first,
        per_ten=rounded(ten * trend.gain),
        per_ten_interval=(rounded(ten * low), rounded(ten * high)),
        said=_said(low, high, higher=group not in LOSSES),
    )


def _said(low: float, high: float, higher: bool) -> Literal["improving", "worsening", "level"]:
    if not (low > 0 or high < 0):
        return "level"
    return "improving" if (low > 0) == higher else "worsening"


def phases(analysis: Analysis) -> list[schema.Phase]:
    """The phases of the main metric; none of runs that are short by design."""
    (progress, signals) = (analysis.signals.progress, analysis.signals)
    declined = signals.overfitting.quality == "worse"
    return [
        schema.Phase(
            one.name,
            (signals.epoch(int(progress.rows[one.first])), _last_epoch(signals, one.last)),
            digits(one.gain),
        )
        for one in found_phases(progress.values, declined)
    ]


def _last_epoch(signals: Signals, position: int) -> int:
    """The epoch before that of the next measured one: phases leave no epoch out."""
    rows = signals.progress.rows
    return signals.epoch(int(rows[position + 1]) - 1 if position + 1 < len(rows) else int(rows[-1]))


def course(analysis: Analysis) -> list[str]:
    """How losses and metric went together, in sentences; empty where too little is there."""
    return [*_following(analysis.signals), *_unrest(analysis.signals)]


def _following(signals: Signals) -> Iterator[str]:
    (train, val) = (signals.train_total, signals.val_total)
    if train is None or val is None or signals.short_by_design:
        return
    found = following(train, val)
    if found is None:
        return
    said = next(words for (least, words) in FOLLOWS if found.correlation >= least)
    yield (
        f"Validation loss {said}: rank correlation {found.correlation:.2f} over"
        f" {found.epochs} {signals.unit}s after warm-up."
    )
    if signals.losses_comparable:
        yield f"The gap between them is {found.gap:.3g} at the end{_gap_trend(found.late)}."


def _gap_trend(late: Trend) -> str:
    (low, high) = late.interval
    if not (low > 0 or high < 0):
        return " and has no trend beyond its noise in the last quarter"
    how = "widened" if low > 0 else "narrowed"
    (least, most) = sorted((abs(low), abs(high)))
    return f" and {how} by {abs(late.gain):.2g} in the last quarter (90 % interval {least:.2g} to {most:.2g})"


def _unrest(signals: Signals) -> Iterator[str]:
    if signals.metric is None or signals.metric_name is None or signals.short_by_design:
        return
    (sigma, level) = late_noise(signals.metric) or (0.0, 0.0)
    if sigma >= SEEN:
        words = metric_words(*signals.metric_name.split())
        yield (
            f"{words} shakes by {sigma:.3f} from {signals.unit} to {signals.unit} in the second half"
            f" ({percent(sigma / level)} of its level)."
        )


def _extreme(analysis: Analysis, values: Floats, row: int) -> schema.Extreme:
    return schema.Extreme(rounded(float(values[row])), analysis.signals.epoch(row))


def forecast(analysis: Analysis) -> Optional[schema.Forecast]:
    """The main metric at the end of the plan; None where there is no forecast."""
    (found, name) = (analysis.signals.forecast, analysis.signals.metric_name)
    if found is None or name is None:
        return None
    (low, high) = found.interval
    return schema.Forecast(
        metric=name,
        now=digits(found.now),
        expected=digits(found.expected),
        interval=(digits(low), digits(high)),
        gain=found.gain,
        epochs_left=found.epochs_left,
    )
