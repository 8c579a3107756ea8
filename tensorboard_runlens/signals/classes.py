"""What the rules may ask of a run's classes: how good each one is, and how far that can be believed.

The metric is that of the run's main group, fractions 0..1. Instances are validated objects of a class; programs that
do not count them leave them unknown (None).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np

from tensorboard_runlens.dataset.class_checks import VAL_INSTANCES_MIN
from tensorboard_runlens.run import ClassMetrics, Floats, main_group
from tensorboard_runlens.statistics.proportion import DESIGN_EFFECT
from tensorboard_runlens.statistics.ranks import rising_p, spearman
from tensorboard_runlens.statistics.shrinkage import Z_90, below_p, discoveries, shrunk

BY_CLASS = ("map50_95", "map50", "top1", "f1", "recall")
"""Metrics that rank classes, the most telling first; of those that most classes have the first is taken."""

INSTANCES_ASSUMED = 30
"""Instances that a class is taken to have where nobody counted them: few, so that only a great difference shows."""

VARIANCE = 0.25
"""The most that a share varies from object to object; AP is no share, but varies less than one."""

FALSE_SHARE = 0.1
"""Of the classes that are called weak, this share may be wrongly so."""


@dataclass(frozen=True)
class Errors:
    """Objects of a class that were missed, and detections of it that were none, at the confidence of best F1."""

    missed: int
    false: int


@dataclass(frozen=True)
class ScoredClass:
    """A class with its metric. ``instances`` were validated, None where not known; ``believed`` is the metric drawn
    towards the others' mean as far as few instances leave it in doubt, and ``upper`` what it is at most, in 90 of 100
    cases."""

    name: str
    value: float
    believed: float
    upper: float
    instances: Optional[int]
    errors: Optional[Errors]


class Rarity:
    """Whether classes are the worse the rarer they are; ``instances`` and ``values`` (metric), (classes,) each."""

    def __init__(self, instances: Floats, values: Floats) -> None:
        self._instances = instances
        self._values = values

    @property
    def classes(self) -> int:
        """How many classes are compared."""
        return len(self._values)

    @cached_property
    def correlation(self) -> float:
        """Rank correlation of instances and metric, -1..1."""
        return spearman(self._instances, self._values)

    @cached_property
    def p_value(self) -> float:
        """How likely as high a correlation is by chance."""
        return rising_p(self._instances, self._values)

    @cached_property
    def loss(self) -> float:
        """By how much the rarer half of the classes is worse than the more frequent half, difference of means."""
        ordered = self._values[np.argsort(self._instances, kind="stable")]
        half = len(ordered) // 2
        return float(np.mean(ordered[-half:]) - np.mean(ordered[:half]))


class ClassSignals:
    """The quantities of one run's classes; ``trained`` counts training instances by name, empty where not known."""

    def __init__(self, lines: Sequence[ClassMetrics], trained: Mapping[str, int]) -> None:
        self._lines = lines
        self._trained = trained

    @cached_property
    def group(self) -> Optional[str]:
        """What the classes are measured on: masks and keypoints before their boxes."""
        return main_group(dict.fromkeys(group for line in self._lines for group in line.metrics))

    @cached_property
    def metric(self) -> Optional[str]:
        """The metric that ranks them, None where there is none."""
        known = {
            name: sum(_known(self._named(line), name) for line in self._lines) for name in BY_CLASS
        }
        return max(known, key=lambda name: known[name]) if any(known.values()) else None

    @cached_property
    def scored(self) -> list[ScoredClass]:
        """The classes of which enough instances were validated, or of which it is not known; hardest first."""
        metric = self.metric or ""
        lines = [one for one in self._lines if _counted(one) and _known(self._named(one), metric)]
        if not lines:
            return []
        values = np.array([self._named(line)[metric] for line in lines])
        (believed, deviations) = shrunk(values, _variances(lines))
        rows = zip(
            lines, values.tolist(), believed.tolist(), (believed + Z_90 * deviations).tolist()
        )
        return sorted((self._scored(*row) for row in rows), key=lambda one: one.value)

    @cached_property
    def left_out(self) -> list[str]:
        """Classes with so few instances that nothing is known of them."""
        return [line.name for line in self._lines if not _counted(line)]

    @cached_property
    def median_of_others(self) -> float:
        """Median metric of the others, which is the same for each of the weaker half. NaN without others."""
        others = [one.value for one in self.scored[1:]]
        return float(np.median(others)) if others else float("nan")

    def weak(self, deficit: float) -> list[ScoredClass]:
        """Those that are by more than ``deficit`` below what the others are believed to be (their median), not by
        chance; surest first."""
        scored = self.scored
        if len(scored) < 2:
            return []
        upper = np.array([one.upper for one in scored])
        believed = np.array([one.believed for one in scored])
        border = float(np.median(believed[1:])) - deficit
        p = below_p(believed, (upper - believed) / Z_90, border)
        found = [scored[row] for row in np.flatnonzero(discoveries(p, FALSE_SHARE))]
        return sorted(found, key=lambda one: one.upper)

    @cached_property
    def frequency(self) -> dict[str, int]:
        """Instances by class, of those that have any: trained on, else validated; empty where nobody counted them."""
        names = [line.name for line in self._lines]
        validated = by_name(names, [line.instances or 0 for line in self._lines])
        return {name: count for (name, count) in (self._trained or validated).items() if count > 0}

    @cached_property
    def rarity(self) -> Optional[Rarity]:
        """What rarity goes with, over the scored classes whose frequency is known; None for fewer than two."""
        counted = [one for one in self.scored if one.name in self.frequency]
        if len(counted) < 2:
            return None
        instances = np.array([self.frequency[one.name] for one in counted], np.float64)
        return Rarity(instances, np.array([one.value for one in counted]))

    def _named(self, line: ClassMetrics) -> Mapping[str, float]:
        return line.metrics.get(self.group or "", {})

    def _scored(
        self, line: ClassMetrics, value: float, believed: float, upper: float
    ) -> ScoredClass:
        named = self._named(line)
        return ScoredClass(
            name=line.name,
            value=value,
            believed=believed,
            upper=upper,
            instances=line.instances,
            errors=_errors(named.get("precision"), named.get("recall"), line.instances),
        )


def by_name(names: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
    """Counts by class name; a name that several classes have tells of none of them."""
    times = Counter(names)
    return {name: count for (name, count) in zip(names, counts) if times[name] == 1}


def _known(named: Mapping[str, float], metric: str) -> bool:
    return 0 <= named.get(metric, math.nan) <= 1


def _counted(line: ClassMetrics) -> bool:
    return line.instances is None or line.instances >= VAL_INSTANCES_MIN


def _variances(lines: Sequence[ClassMetrics]) -> Floats:
    """Of chance."""
    instances = np.array([line.instances or INSTANCES_ASSUMED for line in lines], np.float64)
    return DESIGN_EFFECT * VARIANCE / instances


def _errors(
    precision: Optional[float], recall: Optional[float], instances: Optional[int]
) -> Optional[Errors]:
    """Counts from the two shares: found objects are recall x instances, and precision is their share of detections."""
    if precision is None or recall is None or instances is None:
        return None
    if not (0 <= precision <= 1 and 0 <= recall <= 1):
        return None
    found = recall * instances
    if found and not precision:
        return None  # the two contradict each other
    return Errors(round(instances - found), round(found / precision - found) if found else 0)
