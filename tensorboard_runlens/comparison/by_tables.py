"""Two result tables: the difference of their levels, and whether it is more than epochs and seeds explain.

Means of neighbouring epochs are compared, never two best epochs: the best of many is the luckiest
(statistics/level.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.comparison.contender import (
    BEST,
    END,
    EQUAL_EPOCH,
    Contender,
    Difference,
    Metric,
)
from tensorboard_runlens.comparison.evidence import Z_DETECTABLE, verdict_of, within_fractions
from tensorboard_runlens.comparison.sampling import half_width
from tensorboard_runlens.comparison.seeds import Seeds
from tensorboard_runlens.statistics.level import Level
from tensorboard_runlens.statistics.proportion import Z_95
from tensorboard_runlens.words import metric_words, points

WHERE = {
    BEST: "around the best {axis}s",
    END: "over the last {axis}s",
    EQUAL_EPOCH: "after {after} {axis}s each",
}


SHOWN = 0.001
"""The smallest difference that is shown: a tenth of a point."""


@dataclass(frozen=True, eq=False)
class Between:
    """Two runs and what holds for every difference between them: how their validation data are known to differ
    (``apart``, None where they are not), the caveats, and what is known of seeds."""

    baseline: Contender
    other: Contender
    apart: Optional[str]
    doubts: tuple[str, ...]
    seeds: Mapping[Metric, Seeds]


def at_best(between: Between) -> Iterator[Difference]:
    """Of every metric that both measured, around the epochs of their best.pt."""
    shared = shared_metrics(between.baseline, between.other)
    if not shared:
        yield _unlike(between)
    for metric in shared:
        (before, here) = (one.curves[metric] for one in (between.baseline, between.other))
        yield _difference(between, metric, before.around_best, here.around_best, BEST)


def at_end(between: Between) -> Iterator[Difference]:
    """Of the main metric, where the trainings arrived."""
    for metric in shared_metrics(between.baseline, between.other)[:1]:
        (before, here) = (one.curves[metric] for one in (between.baseline, between.other))
        yield _difference(between, metric, before.at_end, here.at_end, END)


def at_equal_epoch(between: Between) -> Iterator[Difference]:
    """Of the main metric after as many epochs as both have; none where that is the end of both."""
    for metric in shared_metrics(between.baseline, between.other)[:1]:
        curves = [one.curves[metric] for one in (between.baseline, between.other)]
        after = min(curve.last for curve in curves)
        (before, here) = (curve.after(after) for curve in curves)
        if before and here and curves[0].last != curves[1].last:
            yield _difference(between, metric, before, here, EQUAL_EPOCH, after)


def shared_metrics(baseline: Contender, other: Contender) -> list[Metric]:
    """What both measured of the group that one of them is judged by, the most telling first."""
    found = [metric for metric in other.curves if metric in baseline.curves]
    for one in (other, baseline):
        of_group = [metric for metric in found if one.main and metric[0] == one.main[0]]
        if of_group:
            return of_group
    return []


def _difference(
    between: Between,
    metric: Metric,
    before: Level,
    here: Level,
    at: str,
    after: Optional[int] = None,
) -> Difference:
    """The other's level minus the baseline's, with the verdict on it."""
    (delta, error) = (here.mean - before.mean, error_of(before, here, between.seeds[metric]))
    interval = within_fractions(delta - Z_95 * error, delta + Z_95 * error)
    where = WHERE[at].format(axis=between.other.analysis.run.axis, after=after)
    said = reason_of(metric_words(*metric), delta, Z_95 * error, where)
    return Difference(
        run=between.other.name,
        group=metric[0],
        metric=metric[1],
        delta=delta,
        interval=None if between.apart else interval,
        verdict="not_comparable" if between.apart else verdict_of(interval),
        caveats=between.doubts,
        reason=between.apart or said,
        at=at,
        after=after,
        detectable=None if between.apart else Z_DETECTABLE * error,
        sampling=half_width(between.other, here.mean),
    )


def error_of(before: Level, here: Level, seeds: Seeds) -> float:
    """Standard error of a difference of two levels, each of one training."""
    return math.hypot(before.error, here.error, seeds.deviation(before), seeds.deviation(here))


def reason_of(metric: str, delta: float, explained: float, where: str) -> str:
    """The verdict in words."""
    if delta == 0:
        return f"{metric} is the same {where}"
    if abs(delta) < SHOWN / 2:
        return f"{metric} differs by less than {points(SHOWN)} {where}"
    size = f"{points(abs(delta))} {'higher' if delta > 0 else 'lower'}"
    if abs(delta) > explained:
        return (
            f"{metric} is {size} {where}; epochs and seeds explain no more than {points(explained)}"
        )
    return f"{metric} is {size} {where}; epochs and seeds alone explain up to {points(explained)}"


def _unlike(between: Between) -> Difference:
    (other, baseline) = (between.other, between.baseline)
    (words, others) = (
        metric_words(*one.main) if one.main else "nothing" for one in (other, baseline)
    )
    (group, metric) = other.main or baseline.main or (None, "")
    reason = f"{words} was measured here, {others} in the baseline"
    return Difference(
        other.name, group, metric, None, None, "not_comparable", between.doubts, reason
    )
