"""The confidence to deploy with, as far as a scan tells: from the metrics of a run.

Ultralytics states precision and recall where the mean F1 of the classes, smoothed, is highest. Its
result table does not name that confidence; the callback records it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Optional

from tensorboard_runlens.run import ClassMetrics, Recorded, Run, Validated, main_group
from tensorboard_runlens.thresholds.point import OperatingPoint

Metrics = Mapping[str, Mapping[str, Optional[float]]]

DETECTIONS = ("mask", "pose", "box")
"""Groups whose metrics are stated at a confidence, the main one first."""

WHOLE_CURVE = 0.01
"""A ``conf`` up to here leaves the curves whole: the framework begins at .001, with rotated boxes here."""


def point_of_run(run: Run, best_metrics: Metrics, group: Optional[str] = None) -> OperatingPoint:
    """What was recorded; else what the table has at the best epoch, ``best_metrics``: group -> name -> value.

    Of the main group unless told which.
    """
    return _recorded(run, best_metrics, group) or _of_table(best_metrics, group)


def cut_at(run: Run) -> Optional[float]:
    """The confidence below which ``conf=`` kept detections from being validated; None where the framework chose."""
    conf = run.arguments.get("conf")
    if run.framework != "ultralytics" or not isinstance(conf, float):
        return None
    return conf if WHOLE_CURVE < conf < 1 else None


def _recorded(run: Run, best_metrics: Metrics, group: Optional[str]) -> Optional[OperatingPoint]:
    """Best.pt's own validation counts before that of its epoch. What has no classes is in the table only."""
    measured = _measured(run.recorded) if run.recorded else None
    group = group or (main_group(measured.optimum) if measured else None)
    if measured is None or group is None or group not in measured.optimum:
        return None
    (confidence, f1) = measured.optimum[group]
    stated = _means(measured.classes, group) if measured.classes else best_metrics.get(group, {})
    cut = cut_at(run)
    hidden = cut is not None and confidence <= cut
    return OperatingPoint(
        confidence,
        f1,
        precision=stated.get("precision"),
        recall=stated.get("recall"),
        source="curves",
        status="approximate" if hidden else "exact",
        epoch=getattr(measured, "epoch", None),
        reason=f"nothing below conf={cut:g} was validated" if hidden else "",
    )


def _measured(recorded: Recorded) -> Optional[Validated]:
    return next((one for one in (recorded.final, recorded.best) if one and one.optimum), None)


def _means(classes: Sequence[ClassMetrics], group: str) -> dict[str, Optional[float]]:
    """Means over the classes, None where one of them has no value."""
    columns = {
        name: [line.metrics.get(group, {}).get(name, math.nan) for line in classes]
        for name in ("precision", "recall")
    }
    means = {name: sum(values) / len(values) for (name, values) in columns.items()}
    return {name: None if math.isnan(mean) else mean for (name, mean) in means.items()}


def _of_table(best_metrics: Metrics, group: Optional[str]) -> OperatingPoint:
    for one in (group,) if group else DETECTIONS:
        named = best_metrics.get(one, {})
        if named.get("precision") is not None and named.get("recall") is not None:
            return OperatingPoint(
                f1=named["f1"],
                precision=named["precision"],
                recall=named["recall"],
                source="results",
            )
    return OperatingPoint()
