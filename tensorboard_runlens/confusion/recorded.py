"""How classes are taken for each other: counts at each confidence, and the most frequent confusions."""

from __future__ import annotations

from typing import Optional

import msgspec
import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.confusion.from_picture import confusion_drawn
from tensorboard_runlens.confusion.ranking import Cells, ranked
from tensorboard_runlens.deployment.slider import USUAL
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.plain_values import class_names, rounded
from tensorboard_runlens.run import ConfusionMatrix
from tensorboard_runlens.schema.threshold import ConfusionAnswer, ConfusionStep
from tensorboard_runlens.thresholds.of_run.validations import Validation, damage, validations

NOTHING = "no confusion was recorded"
TRACK = "track() counts it in the next training"
EVALUATE = f"runlens evaluate counts it, and {TRACK}"


def confusion_of(analysis: Analysis) -> ConfusionAnswer:
    """What the run's files tell of it. Never raises for what lies there."""
    name = analysis.run.name
    try:
        folder = Folder(analysis.run.path)
    except OSError:
        return no_confusion(name, "the run's folder is gone")
    found = validations(analysis.run, folder)
    counted = next((one for one in found.val if one.matrix is not None), None)
    if counted is None:
        return _not_recorded(analysis, folder, damage(found.problems))
    return recorded_confusion(name, counted, analysis.operating_point.confidence)


def _not_recorded(analysis: Analysis, folder: Folder, damaged: str) -> ConfusionAnswer:
    """The answer of a picture or none; ``damaged`` says which recordings could not be used."""
    drawn = confusion_drawn(analysis, folder)
    if drawn is None:
        return no_confusion(analysis.run.name, damaged or _nothing(analysis))
    reason = ". ".join(said for said in (drawn.reason.rstrip("."), damaged) if said)
    return msgspec.structs.replace(drawn, reason=reason) if damaged else drawn


def _nothing(analysis: Analysis) -> str:
    """That there is none, and what would count it: both work with Ultralytics only."""
    if analysis.run.framework != "ultralytics":
        return NOTHING
    return f"{NOTHING}: {EVALUATE if analysis.weights.use is not None else TRACK}"


def recorded_confusion(run: str, found: Validation, confidence: Optional[float]) -> ConfusionAnswer:
    """The answer from recorded counts; ``confidence`` is the operating point, None where unknown.

    Raises ValueError where the validation has no counts.
    """
    if found.matrix is None:
        raise ValueError("no confusion was counted")
    highest = int(found.matrix.cells[:, 1:].max(initial=0))
    background = found.detections is not None or highest == len(found.names)
    names = class_names(found.names, max(highest + (not background), len(found.names)))
    steps = [
        ConfusionStep(rounded(float(at)), cells.tolist(), ranked(cells, len(names)))
        for (at, cells) in zip(found.matrix.confidence, by_confidence(found.matrix))
    ]
    return ConfusionAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        run=run,
        names=names,
        background=background,
        source="recorded",
        status="exact",
        reason="",
        validated=found.words,
        chosen=_nearest(found.matrix, confidence),
        steps=steps,
        shares=None,
    )


def no_confusion(run: str, reason: str) -> ConfusionAnswer:
    """The answer where nothing tells; ``reason`` says what would."""
    return ConfusionAnswer(
        True, schema.SCHEMA_VERSION, run, [], False, "none", "unknown", reason, "", None, [], None
    )


def by_confidence(matrix: ConfusionMatrix) -> list[Cells]:
    """The cells of each confidence, (k, 3) of predicted, true and count."""
    cells = np.column_stack([matrix.cells, matrix.count]).astype(np.int64)
    return [cells[cells[:, 0] == step, 1:] for step in range(len(matrix.confidence))]


def _nearest(matrix: ConfusionMatrix, confidence: Optional[float]) -> Optional[float]:
    """The counted confidence nearest to the operating point; without one to what programs take unless told."""
    wanted = USUAL if confidence is None else confidence
    return rounded(float(matrix.confidence[np.abs(matrix.confidence - wanted).argmin()]))
