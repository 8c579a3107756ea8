"""The operating point of counted detections with its ranges."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorboard_runlens.statistics.resampling import REPLICATES
from tensorboard_runlens.thresholds.best.estimate import point, point_by_bound
from tensorboard_runlens.thresholds.best.exact import Average
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.objective import Objective
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.thresholds.uncertainty.of_point import (
    Uncertainty,
    lower_bounds,
    uncertainty_of,
)


@dataclass(frozen=True)
class Ranged:
    """An operating point with its interval and plateau, and how sure its value is."""

    point: OperatingPoint
    uncertainty: Uncertainty


def with_ranges(
    counting: Counting,
    objective: Objective,
    average: Average = "macro",
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Ranged:
    """The point and its ranges from so many draws of the images; where the ranges are unknown the point's ``reason``
    says why. Precision and recall are asked for by the lower bound of both the draws and Wilson's."""
    found = point(counting, objective, average)
    if found.confidence is not None and objective.kind in ("precision", "recall"):
        lower = lower_bounds(counting, replicates, seed)
        bound = lower.precision if objective.kind == "precision" else lower.recall
        found = point_by_bound(counting, objective, CONFIDENCE, bound)
    if found.confidence is None:
        return Ranged(found, Uncertainty(reason=found.reason))
    sure = uncertainty_of(counting, objective, average, found.confidence, replicates, seed)
    ranged = replace(found, interval=sure.interval, plateau=sure.plateau, reason=sure.reason)
    return Ranged(ranged, sure)
