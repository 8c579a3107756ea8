"""A study of a run's threshold as the JSON struct."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.deployment.classes import class_lines, counted_names
from tensorboard_runlens.deployment.how_sure import sure_of, what_to_do
from tensorboard_runlens.deployment.other_definitions import definitions
from tensorboard_runlens.deployment.point_answer import operating_point_of
from tensorboard_runlens.deployment.slider import at_point, knee_of, sweep_of, usual_of
from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.deployment.take_along import deploy_of
from tensorboard_runlens.deployment.tested import tested_of
from tensorboard_runlens.plain_values import number, range_of
from tensorboard_runlens.schema import threshold
from tensorboard_runlens.thresholds.calibration import Calibrated
from tensorboard_runlens.thresholds.of_run.curve_pictures import Drawn


def threshold_answer(analysis: Analysis, found: Study) -> threshold.ThresholdAnswer:
    """All that is known of the threshold of the analysed run."""
    classes = class_lines(found, [line.name for line in analysis.signals.data.classes])
    sure = sure_of(found, analysis.run)
    return threshold.ThresholdAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        run=analysis.run.name,
        objective=found.objective.name,
        objective_text=found.objective.text,
        group=found.group,
        groups=list(found.groups),
        operating_point=operating_point_of(found.point),
        validated=found.validated,
        images=found.validation.images if found.validation else None,
        value=number(found.value),
        value_interval=range_of(found.uncertainty.value_interval),
        expected=number(found.uncertainty.expected),
        optimism=number(found.uncertainty.optimism),
        sure=sure,
        reason=what_to_do(found, analysis.run, analysis.weights.use),
        at=at_point(found),
        usual=usual_of(found),
        knee=knee_of(found),
        cut=found.cut,
        definitions=definitions(found, analysis.run),
        classes=classes,
        sweep=sweep_of(found, counted_names(found)),
        calibration=None if found.calibrated is None else calibration_of(found.calibrated),
        tested=tested_of(found),
        deploy=deploy_of(analysis, found, classes, sure),
        pictures=[] if found.drawn is None else pictures_read(found.drawn),
    )


def calibration_of(found: Calibrated) -> threshold.Calibration:
    """With the digits of an answer."""
    return threshold.Calibration(
        bins=[
            threshold.ReliabilityBin(
                number(one.low) or 0.0,
                number(one.high) or 0.0,
                one.count,
                number(one.confidence) or 0.0,
                number(one.precision) or 0.0,
                range_of(one.interval) or (0.0, 1.0),
            )
            for one in found.bins
        ],
        d_ece=number(found.d_ece),
        d_ece_interval=range_of(found.d_ece_interval),
        la_ece=number(found.la_ece),
        text=found.text,
    )


def pictures_read(found: Drawn) -> list[threshold.PictureRead]:
    """Each picture with what it says, or why that could not be read."""
    return [
        threshold.PictureRead(
            file=file,
            kind=kind,  # type: ignore[arg-type]
            group=found.group,
            status=reading.status,  # type: ignore[arg-type]
            confidence=number(_either(reading.confidence, reading.confidence_curve)),
            value=number(_either(reading.value, reading.value_curve)),
            reason=reading.reason,
        )
        for (kind, (file, reading)) in found.readings.items()
    ]


def _either(printed: Optional[float], traced: Optional[float]) -> Optional[float]:
    return traced if printed is None else printed
