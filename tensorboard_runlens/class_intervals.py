"""How far the metrics of a class can be trusted, given how many instances of it were validated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.run import ClassMetrics
from tensorboard_runlens.statistics.proportion import wilson

PROPORTIONS = ("recall", "map50", "map50_95", "top1", "top5")
"""Metrics that are, or behave like, a share of the instances found. Recall and accuracy are such shares; AP is bounded
by the share of instances found, so that the same interval is an approximation. Precision is a share of the
detections, whose number is not known here."""

FEWEST = 10
"""Instances below which a class's metrics are unreliable whatever they are; guide 004 found three useless."""

WIDEST = 0.15
"""Half a 95 % interval beyond which a metric says little: 15 points."""

Intervals = dict[str, dict[str, tuple[float, float]]]


def intervals_of(line: ClassMetrics) -> Intervals:
    """group -> metric -> 95 % interval; empty where the number of instances is not known."""
    if not line.instances:
        return {}
    return {
        group: {
            name: wilson(value, line.instances)
            for (name, value) in named.items()
            if name in PROPORTIONS and 0 <= value <= 1
        }
        for (group, named) in line.metrics.items()
    }


def interval_of_mean(
    lines: Sequence[ClassMetrics], group: str, metric: str, mean: float
) -> Optional[tuple[float, float]]:
    """The 95 % interval of a mean over classes, whose errors are independent of each other; None where that of any
    class is unknown."""
    found = [(line.metrics.get(group, {}), intervals_of(line).get(group, {})) for line in lines]
    if not found or not all(metric in intervals for (_, intervals) in found):
        return None
    below = math.hypot(*(named[metric] - intervals[metric][0] for (named, intervals) in found))
    above = math.hypot(*(intervals[metric][1] - named[metric] for (named, intervals) in found))
    return (max(mean - below / len(found), 0.0), min(mean + above / len(found), 1.0))


def unreliable(line: ClassMetrics) -> bool:
    """Whether so few instances were validated that the metrics of the class say little."""
    if line.instances is None:
        return False
    widths = [high - low for named in intervals_of(line).values() for (low, high) in named.values()]
    return line.instances < FEWEST or max(widths, default=0.0) > 2 * WIDEST
