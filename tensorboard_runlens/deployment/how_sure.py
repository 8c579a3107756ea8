"""How sure an operating point is, in a sentence, and what to do where it is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.run import Run
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.of_run.curve_pictures import Drawn, whose
from tensorboard_runlens.thresholds.of_run.validations import damage
from tensorboard_runlens.words import count

FEW_IMAGES = 30
"""Validation images below which even the interval is a rough one."""

WITHOUT_CONFIDENCE = ("classify", "semantic")
"""Tasks that answer for every image or pixel."""

DRAWING = ("ultralytics", "yolov5", "yolov7")
"""Frameworks that draw F1 by confidence at the end."""

PICTURE = "The F1 picture that the framework draws at the end, in the run's folder, would tell it"
LATER = "runlens evaluate RUN_DIR validates the weights again and records the detections"
NEXT_TIME = "track(model) records the detections of the next training"

TABLE = "F1, precision and recall are those at the best confidence; which one that was the result table does not say"
EVERYTHING = "F1 is best where every detection passes, which is no threshold"
CHOOSES_NOTHING = "there is no confidence to choose: of the answers the likeliest one counts"
NOTHING = "nothing in this folder tells a threshold"
AS_FOUND = (
    "the point is as the framework found it; how far it would move on other images is not known"
    " without detections"
)
ESTIMATED = (
    "an estimate from curves of the means; how far it would move on other images is not known"
    " without detections"
)


def sure_of(found: Study, run: Run) -> str:
    """One sentence, without a full stop."""
    point = found.point
    if found.counting is not None:
        return _of_detections(found)
    if point.confidence is None:
        return ""
    if found.objective != F1:
        return ESTIMATED
    if found.drawn is not None:
        return _of_picture(found, found.drawn, run)
    return AS_FOUND


def what_to_do(found: Study, run: Run, weights: Optional[str]) -> str:
    """Why the confidence is not known and what would tell it, empty where it is known; and which recordings could not
    be used."""
    said = (_unknown(found, run, weights), damage(found.problems))
    return ". ".join(one for one in said if one)


def _unknown(found: Study, run: Run, weights: Optional[str]) -> str:
    if found.point.confidence == 0:
        return found.point.reason or EVERYTHING
    if found.point.confidence is not None:
        return found.point.reason
    if found.counting is not None:
        return found.point.reason
    if run.task in WITHOUT_CONFIDENCE and not found.groups:
        return CHOOSES_NOTHING
    why = found.point.reason or (TABLE if found.point.f1 is not None else NOTHING)
    return ". ".join([why.rstrip("."), *_remedies(found, run, weights)])


def _remedies(found: Study, run: Run, weights: Optional[str]) -> Iterator[str]:
    """What the framework draws or RunLens records, where there is such a thing."""
    if found.drawn is None and found.validation is None and run.framework in DRAWING:
        yield PICTURE
    if run.framework == "ultralytics":
        yield LATER if weights else NEXT_TIME


def _of_detections(found: Study) -> str:
    (point, images) = (found.point, found.counting.images if found.counting else 0)
    if point.confidence is None:
        return ""
    if point.interval is None:
        return (
            found.uncertainty.reason or f"counted on {count(images, 'image')}, without an interval"
        )
    (low, high) = point.interval
    said = f"on {count(images, 'other image')} of the kind the best confidence lies between {low:.3f} and {high:.3f}"
    if point.plateau is not None:
        said += (
            f", and from {point.plateau[0]:.3f} to {point.plateau[1]:.3f} none is measurably worse"
        )
    if images < FEW_IMAGES:
        said += f"; {count(images, 'image')} are few, so take this as rough"
    return said


def _of_picture(found: Study, drawn: Drawn, run: Run) -> str:
    (file, _) = drawn.readings["f1"]
    printed = found.point.status == "exact"
    how = (
        f"as printed in {file}, which the traced curve confirms" if printed else f"traced in {file}"
    )
    other = "" if whose(run).startswith("best.pt") else f" It is of {whose(run)}, not of best.pt"
    return f"{how}; how far it would move on other images a picture does not tell{';' + other.lower() if other else ''}"
