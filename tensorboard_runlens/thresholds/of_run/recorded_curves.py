"""The curves that stand for best.pt, and the point on each where the framework found F1 best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.run import Curves, Evidence, Recorded, Validated


@dataclass(frozen=True)
class Point:
    """What the mean over the classes is at one confidence; fractions."""

    confidence: float
    f1: float
    precision: float
    recall: float


@dataclass(frozen=True, eq=False)
class DeployedCurves:
    """Curves of best.pt by group: of the validation of ``epoch``, None after training; ``optimum`` of the groups that
    have one."""

    epoch: Optional[int]
    curves: Mapping[str, Curves]
    optimum: Mapping[str, Point]


def deployed_curves(
    recorded: Recorded, evidence: Optional[Evidence] = None
) -> Optional[DeployedCurves]:
    """The evidence's curves; without any, those of 101 points recorded with the metrics. None without both."""
    if evidence is not None and evidence.curves:
        measured = recorded.best if evidence.epoch is not None else recorded.final
        return with_optimum(evidence.epoch, evidence.curves, measured)
    if recorded.final is not None and recorded.final.curves:
        return with_optimum(None, recorded.final.curves, recorded.final)
    if recorded.best is not None and recorded.best.curves:
        return with_optimum(recorded.best.epoch, recorded.best.curves, recorded.best)
    return None


def point_at(curves: Curves, confidence: float) -> Point:
    """The point of the curves nearest to a confidence."""
    nearest = curves.nearest(confidence)
    return Point(
        float(curves.confidence[nearest]),
        float(curves.f1[nearest]),
        float(curves.precision[nearest]),
        float(curves.recall[nearest]),
    )


def with_optimum(
    epoch: Optional[int], curves: Mapping[str, Curves], measured: Optional[Validated]
) -> DeployedCurves:
    """The curves, and on each the point where the framework found F1 best."""
    optimum = measured.optimum if measured else {}
    points = {
        group: point_at(curves[group], confidence)
        for (group, (confidence, _)) in optimum.items()
        if group in curves
    }
    return DeployedCurves(epoch, curves, points)
