"""How near a run comes to what its user wants it to reach."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.class_intervals import interval_of_mean, intervals_of
from tensorboard_runlens.run import ClassMetrics, main_group
from tensorboard_runlens.targets import Target

MISSED = "missed"
MET = "met"
EXCEEDED = "exceeded"
UNKNOWN = "unknown"

SAME = 0.0005
"""Half of the last digit that is shown: a value that reads like the target has reached it."""

Metrics = Mapping[str, Mapping[str, Optional[float]]]


@dataclass(frozen=True)
class Reached:
    """A target and what the run has at its best epoch: ``value``, None where that was not measured.

    It is of the ``group`` by which the run is judged. ``instances`` (of the class) were validated, which leave the
    value uncertain within the 95 % ``interval``; both are None where unknown.
    """

    target: Target
    group: str
    value: Optional[float]
    instances: Optional[int] = None
    interval: Optional[tuple[float, float]] = None

    @property
    def status(self) -> str:
        """missed, met, exceeded or unknown."""
        if self.value is None:
            return UNKNOWN
        if self.value < self.target.least - SAME:
            return MISSED
        return EXCEEDED if self.value > self.target.most + SAME else MET

    @property
    def margin(self) -> Optional[float]:
        """What the value has more than the target asks for, negative where it was missed; None where unknown."""
        return None if self.value is None else self.value - self.target.least

    @property
    def sure(self) -> bool:
        """Whether the number of instances does not leave open on which side of the target the class is."""
        return (
            self.interval is None or not self.interval[0] <= self.target.least <= self.interval[1]
        )


def reached(
    targets: Sequence[Target], metrics: Metrics, classes: Sequence[ClassMetrics]
) -> list[Reached]:
    """Every target and what was reached of it, of the group that a run is judged by.

    ``metrics`` are those at the best epoch, group -> name -> value; ``classes`` those of single classes.
    """
    if not targets:
        return []
    group = main_group(metrics) or "box"
    lines = {line.name: line for line in classes}
    return [
        _of_model(one, group, metrics, classes)
        if one.class_name is None
        else _of_class(one, group, lines.get(one.class_name))
        for one in targets
    ]


def _of_model(
    target: Target, group: str, metrics: Metrics, classes: Sequence[ClassMetrics]
) -> Reached:
    value = _value(metrics.get(group, {}), target.metric)
    interval = None if value is None else interval_of_mean(classes, group, target.metric, value)
    instances = sum(line.instances or 0 for line in classes) if interval else None
    return Reached(target, group, value, instances, interval)


def _of_class(target: Target, group: str, line: Optional[ClassMetrics]) -> Reached:
    if line is None:
        return Reached(target, group, None)
    group = group if group in line.metrics else main_group(line.metrics) or group
    value = _value(line.metrics.get(group, {}), target.metric)
    interval = intervals_of(line).get(group, {}).get(target.metric)
    return Reached(target, group, value, line.instances, interval)


def _value(named: Mapping[str, Optional[float]], metric: str) -> Optional[float]:
    """A metric, None where it is missing; F1 of precision and recall where it was not measured itself."""
    (value, precision, recall) = (
        _finite(named.get(name)) for name in (metric, "precision", "recall")
    )
    if value is not None or metric != "f1" or precision is None or recall is None:
        return value
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _finite(value: Optional[float]) -> Optional[float]:
    return value if value is not None and math.isfinite(value) else None
