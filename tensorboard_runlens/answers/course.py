"""How a run's losses and metrics went, as the JSON structs: by epoch, at best, at worst, at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.numbers import digits
from tensorboard_runlens.plain_values import rounded
from tensorboard_runlens.run import MAIN_METRICS, Floats, Run
from tensorboard_runlens.statistics.late_trend import EPOCHS_MIN, late_trend


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
                trend = late_trend(values[known])
                (low, high) = trend.interval
                since = analysis.signals.epoch(int(known[trend.first]))
                change = rounded(trend.gain)
                yield schema.Trend(group, name, change, (rounded(low), rounded(high)), since)


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
