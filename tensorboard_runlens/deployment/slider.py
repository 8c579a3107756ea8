"""What passes a confidence and what a slider reads, from detections or else from curves, as the JSON structs."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.plain_values import number
from tensorboard_runlens.run import Curves, Floats
from tensorboard_runlens.schema.threshold import Passing, Sweep, SweepClass
from tensorboard_runlens.thresholds.best.knee import precision_knee
from tensorboard_runlens.thresholds.counts.counting import Counting
from tensorboard_runlens.thresholds.counts.passing import GRID, passing, sweep

USUAL = 0.25
"""The confidence that ``predict`` and ``detect.py`` of every framework take where nobody says one."""


def passing_of(found: Study, confidence: Optional[float]) -> Optional[Passing]:
    """Counted where detections are known, else the curves' means without counts; None where nothing tells."""
    if confidence is None:
        return None
    if found.counting is not None:
        return counted(found.counting, confidence)
    if found.curves is None:
        return None
    (f1, precision, recall) = (
        number(float(np.interp(confidence, found.curves.confidence, values)))
        for values in _values(found.curves)
    )
    known = number(confidence) or 0.0
    return Passing(known, f1, precision, recall, found=None, right=None, instances=None)


def counted(counting: Counting, confidence: float) -> Passing:
    """What passes a confidence, exactly."""
    at = passing(counting, confidence)
    return Passing(
        number(confidence) or 0.0,
        number(at.f1),
        number(at.precision),
        number(at.recall),
        at.found,
        at.right,
        at.instances,
    )


def at_point(found: Study) -> Optional[Passing]:
    """What passes the operating point: as counted, else as its own curve or picture has it."""
    point = found.point
    if found.counting is not None or point.confidence is None:
        return passing_of(found, point.confidence)
    return Passing(
        number(point.confidence) or 0.0,
        number(point.f1),
        number(point.precision),
        number(point.recall),
        found=None,
        right=None,
        instances=None,
    )


def usual_of(found: Study) -> Optional[Passing]:
    """What passes where nobody says a confidence; nothing stands for pixels there."""
    return None if found.group == "pixel" else passing_of(found, USUAL)


def knee_of(found: Study) -> Optional[Passing]:
    """Where precision stops rising steeply, None without a knee."""
    curves = found.curves
    if found.counting is not None:
        swept = sweep(found.counting)
        knee = precision_knee(swept.confidence, swept.precision, swept.recall)
    elif curves is not None:
        knee = precision_knee(curves.confidence, curves.precision, curves.recall)
    else:
        return None
    return passing_of(found, knee)


def sweep_of(found: Study, names: list[str]) -> Optional[Sweep]:
    """At each step of the slider; ``names`` are those of the counted classes in their order."""
    if found.counting is not None:
        return _sweep(found.counting, names)
    if found.curves is None:
        return None
    curves = found.curves
    (f1, precision, recall) = (np.interp(GRID, curves.confidence, one) for one in _values(curves))
    return Sweep(
        _listed(GRID), _listed(f1), [*_listed(precision)], _listed(recall), None, None, None, []
    )


def _sweep(counting: Counting, names: list[str]) -> Sweep:
    swept = sweep(counting)
    classes = [
        SweepClass(name, int(index), int(instances), found.tolist(), right.tolist())
        for (name, index, instances, found, right) in zip(
            names, counting.classes, counting.instances, swept.found, swept.right
        )
    ]
    return Sweep(
        confidence=_listed(swept.confidence),
        f1=_listed(swept.f1),
        precision=[number(value) for value in _listed(swept.precision)],
        recall=_listed(swept.recall),
        found=swept.found.sum(0).tolist(),
        right=swept.right.sum(0).tolist(),
        instances=int(counting.instances.sum()),
        classes=classes,
    )


def _values(curves: Curves) -> tuple[Floats, Floats, Floats]:
    return (curves.f1, curves.precision, curves.recall)


def _listed(values: Floats) -> list[float]:
    """With four digits after the point: a chart is no finer, and a slider's answer half as long."""
    return values.round(4).tolist()  # type: ignore[no-any-return]
