"""The best confidence by other definitions than RunLens', where detections allow to compare them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.deployment.how_sure import DRAWING
from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.plain_values import number
from tensorboard_runlens.recording.evidence.optimum import SMOOTHING
from tensorboard_runlens.run import Run
from tensorboard_runlens.schema.threshold import OtherDefinition
from tensorboard_runlens.thresholds.best.estimate import point
from tensorboard_runlens.thresholds.best.exact import highest
from tensorboard_runlens.thresholds.best.framework import framework_optimum, picture_smoothing
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.counts.passing import passing
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.point import OperatingPoint

STRICT_IOU = 0.75

TEXTS = {
    "framework": "as the framework's F1 picture has it, after its moving average",
    "highest": "where {objective} is highest on these very images, luck included",
    "micro": "counted over all classes together, so that frequent ones weigh more",
    "iou75": "where a detection is right only from IoU 0.75 on",
}


def definitions(found: Study, run: Run) -> list[OtherDefinition]:
    """Empty where only curves are known, and for objectives other than F-beta, which have no such variants."""
    if found.counting is None or found.objective.kind != "f":
        return []
    return [one for one in _each(found, run) if one is not None]


def _each(found: Study, run: Run) -> Iterator[Optional[OtherDefinition]]:
    (counted, objective) = (found.counting, found.objective)
    detections = found.validation.detections if found.validation else None
    assert counted is not None and detections is not None and found.group is not None
    if objective == F1 and run.framework in DRAWING:
        printed = framework_optimum(counted, _smoothing(run))
        if printed is not None:
            yield _definition(
                "framework",
                TEXTS["framework"],
                printed.confidence,
                printed.printed,
                printed.precision,
                printed.recall,
            )
    cut = highest(counted, objective)
    if cut is not None:
        at = passing(counted, cut.confidence)
        text = TEXTS["highest"].format(objective=objective.name.upper())
        yield _definition("highest", text, cut.confidence, at.f1, at.precision, at.recall)
    yield _of_point("micro", point(counted, objective, "micro"))
    strict = counting(detections, found.group, STRICT_IOU)
    yield _of_point("iou75", point(strict, objective))


def _smoothing(run: Run) -> float:
    """The width of the release that recorded the run, which drew its pictures; where that is unknown the newest's."""
    recorded = run.recorded
    if recorded is None or recorded.framework is None or recorded.version is None:
        return SMOOTHING
    width = picture_smoothing(recorded.framework, recorded.version)
    return SMOOTHING if width is None else width


def _of_point(key: str, one: OperatingPoint) -> Optional[OtherDefinition]:
    if one.confidence is None or one.f1 is None:
        return None
    return _definition(key, TEXTS[key], one.confidence, one.f1, one.precision, one.recall)


def _definition(
    key: str,
    text: str,
    confidence: float,
    f1: float,
    precision: Optional[float],
    recall: Optional[float],
) -> OtherDefinition:
    return OtherDefinition(
        key,  # type: ignore[arg-type]
        text,
        number(confidence) or 0.0,
        number(f1) or 0.0,
        number(precision),
        number(recall),
    )
