"""The operating point and curves of a run as the JSON structs."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.plain_values import SIGNIFICANT_DIGITS, number, range_of
from tensorboard_runlens.run import Curves, Floats
from tensorboard_runlens.thresholds.of_run.recorded_curves import DeployedCurves, Point
from tensorboard_runlens.thresholds.point import OperatingPoint

MAX_POINTS = 1000
"""Points of a curve in an answer: those that Ultralytics has; a chart is no wider."""


def operating_point_of(point: OperatingPoint) -> schema.OperatingPoint:
    """The confidence to deploy with and what it gives."""
    return schema.OperatingPoint(
        confidence=number(point.confidence),
        f1=number(point.f1),
        precision=number(point.precision),
        recall=number(point.recall),
        interval=range_of(point.interval),
        plateau=range_of(point.plateau),
        source=point.source,  # type: ignore[arg-type]
        status=point.status,  # type: ignore[arg-type]
    )


def curves_of(found: Optional[DeployedCurves], cut: Optional[float]) -> dict[str, schema.Curve]:
    """The curves by group; ``cut`` is the confidence below which nothing was validated."""
    if found is None:
        return {}
    return {
        group: _curve(curves, found.optimum.get(group), found.epoch, cut)
        for (group, curves) in found.curves.items()
    }


def _curve(
    curves: Curves, optimum: Optional[Point], epoch: Optional[int], cut: Optional[float]
) -> schema.Curve:
    points = len(curves.confidence)
    rows = np.linspace(0, points - 1, min(points, MAX_POINTS)).round().astype(np.int64)
    return schema.Curve(
        epoch=epoch,
        confidence=_digits(curves.confidence[rows]),
        f1=_digits(curves.f1[rows]),
        precision=_digits(curves.precision[rows]),
        recall=_digits(curves.recall[rows]),
        optimum=None if optimum is None else _point(optimum),
        cut=cut,
    )


def _point(point: Point) -> schema.CurvePoint:
    values = np.array([point.confidence, point.f1, point.precision, point.recall])
    return schema.CurvePoint(*_digits(values))


def _digits(values: Floats) -> list[float]:
    """Numbers that are finite by construction."""
    return [float(f"{value:.{SIGNIFICANT_DIGITS}g}") for value in values.tolist()]
