"""What follows from the release that wrote a run: how it measured, chose and stopped.

Each behaviour has had one form or several. A run's span of releases leaves one of them, or more where
it straddles a change; then both are said. Sources: the published wheels of Ultralytics, compared
one by one, and metrics.py and train.py of YOLOv5 and YOLOv7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Optional, TypeVar

from tensorboard_runlens.releases import ultralytics, yolov5
from tensorboard_runlens.releases.evidence import Bound, span
from tensorboard_runlens.run import Run, Version

Value = TypeVar("Value")


@dataclass(frozen=True)
class Form(Generic[Value]):
    """One way to do it: the first and the last release that does so (None is open), and in words."""

    first: Optional[str]
    last: Optional[str]
    value: Value
    words: str


@dataclass(frozen=True)
class Behaviour(Generic[Value]):
    """Something that a framework does, by its forms, the newest first."""

    name: str
    forms: tuple[Form[Value], ...]

    def possible(self, version: Optional[Version]) -> list[Form[Value]]:
        """The forms that releases of this span have, the newest first, each value once."""
        bound: Bound = (version.min, version.max) if version else (None, None)
        fitting: dict[Value, Form[Value]] = {}
        for form in self.forms:
            if span([bound, (form.first, form.last)]) is not None:
                fitting.setdefault(form.value, form)
        return list(fitting.values())

    def known(self, version: Optional[Version]) -> Optional[Value]:
        """The value if the span leaves one, otherwise None."""
        forms = self.possible(version)
        return forms[0].value if len(forms) == 1 else None


OLD_WEIGHTS = (0.1, 0.9)
NEW_WEIGHTS = (0.0, 1.0)
"""Of mAP50 and mAP50-95 in the fitness; precision and recall never counted."""

_OLD_FITNESS = "0.1 mAP50 + 0.9 mAP50-95"
_LINE = "AP adds a line from the last recall that was reached to (1, 0)"
_DROP = "AP ends at the last recall that was reached"

FITNESS = Behaviour(
    "fitness",
    (
        Form("8.3.198", None, NEW_WEIGHTS, "mAP50-95"),
        Form(None, "8.3.197", OLD_WEIGHTS, _OLD_FITNESS),
    ),
)
CLASSIFICATION_FITNESS = Behaviour(
    "fitness",
    (
        Form("8.0.137", None, "mean", "mean of top-1 and top-5 accuracy"),
        Form(None, "8.0.136", "top5", "top-5 accuracy"),
    ),
)
AVERAGE_PRECISION = Behaviour(
    "average precision",
    (Form("8.4.37", None, "drop", _DROP), Form(None, "8.4.36", "line", _LINE)),
)
MATRIX_CONFIDENCE = Behaviour(
    "confidence in the confusion matrix",
    (
        Form("8.4.171", None, 0.001, "detections from confidence .001 up"),
        Form("8.4.117", "8.4.170", 0.25, "detections from confidence .25 up"),
        Form("8.4.103", "8.4.116", 0.001, "detections from confidence .001 up"),
        Form(None, "8.4.102", 0.25, "detections from confidence .25 up"),
    ),
)
FIRST_EPOCH = Behaviour(
    "number of the first epoch",
    (
        Form("8.0.162", None, 1, "epochs are numbered from 1"),
        Form(None, "8.0.161", 0, "epochs are numbered from 0"),
    ),
)
MATCHING = Behaviour(
    "matching of detections to ground truth",
    (
        Form("8.4.176", None, "confidence", "the most confident detection takes a match first"),
        Form(None, "8.4.175", "iou", "the detection of highest IoU takes a match first"),
    ),
)
CURVE_SMOOTHING = Behaviour(
    "smoothing in the legends of curve pictures",
    (
        Form("8.3.103", None, 0.1, "curves are smoothed by 0.1 before their peak is read"),
        Form(None, "8.3.102", 0.05, "curves are smoothed by 0.05 before their peak is read"),
    ),
)
STOPPING_TIES = Behaviour(
    "early stopping at equal fitness",
    (
        Form("8.3.75", None, "first", "patience counts from the first of equally good epochs"),
        Form(None, "8.3.74", "last", "patience counts from the last of equally good epochs"),
    ),
)
WITHOUT_TRUE_POSITIVES = Behaviour(
    "epochs without a true positive",
    (
        Form("8.3.79", None, "zero", "metrics are 0"),
        Form(None, "8.3.78", "repeated", "the metrics of the epoch before stand there again"),
    ),
)
MIXED_PRECISION = Behaviour(
    "values of amp",
    (
        Form("8.4.129", None, "formats", "amp also takes bf16, which needs no scaling of the loss"),
        Form(None, "8.4.128", "switch", "amp is on or off"),
    ),
)
EXISTING_TABLE = Behaviour(
    "training into an existing folder",
    (
        Form("8.3.214", None, "replaced", "results.csv begins anew"),
        Form(None, "8.3.213", "appended", "a second run is appended to results.csv"),
    ),
)

YOLOV5_FITNESS = Behaviour("fitness", (Form(None, None, OLD_WEIGHTS, _OLD_FITNESS),))
YOLOV5_AVERAGE_PRECISION = Behaviour(
    "average precision",
    (Form("5.0", None, "line", _LINE), Form(None, "5.0", "drop", _DROP)),
)
YOLOV5_WORKING_POINT = Behaviour(
    "confidence of precision and recall",
    (
        Form("6.1", None, "smoothed", "read at the peak of the smoothed mean F1 curve"),
        Form(None, "6.1", "raw", "read at the peak of the mean F1 curve as it is"),
    ),
)
YOLOV5_MATRIX_CONFIDENCE = Behaviour(
    "confidence in the confusion matrix",
    (Form(None, None, 0.25, "detections from confidence .25 up"),),
)
YOLOV5_FIRST_EPOCH = Behaviour(
    "number of the first epoch", (Form(None, None, 0, "epochs are numbered from 0"),)
)

ULTRALYTICS: tuple[Behaviour[Any], ...] = (
    FITNESS,
    AVERAGE_PRECISION,
    MATRIX_CONFIDENCE,
    FIRST_EPOCH,
    MATCHING,
    CURVE_SMOOTHING,
    STOPPING_TIES,
    WITHOUT_TRUE_POSITIVES,
    EXISTING_TABLE,
)
CLASSIFIERS: tuple[Behaviour[Any], ...] = (
    CLASSIFICATION_FITNESS,
    FIRST_EPOCH,
    STOPPING_TIES,
    EXISTING_TABLE,
)
YOLOV5: tuple[Behaviour[Any], ...] = (
    YOLOV5_FITNESS,
    YOLOV5_AVERAGE_PRECISION,
    YOLOV5_WORKING_POINT,
    YOLOV5_MATRIX_CONFIDENCE,
    YOLOV5_FIRST_EPOCH,
)


@dataclass(frozen=True)
class Consequence:
    """A behaviour of this run: the forms it may have had, in words; one means that it is known."""

    name: str
    possible: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether the release leaves no doubt."""
        return len(self.possible) == 1


def consequences(run: Run) -> list[Consequence]:
    """What is known of how this run was measured; empty for a framework that is not known."""
    if run.framework == "yolov7":
        return _yolov7(run.arguments)
    if run.framework == "ultralytics" and run.task == "classify":
        return [_consequence(behaviour, run.version) for behaviour in CLASSIFIERS]
    behaviours = {"ultralytics": ULTRALYTICS, "yolov5": YOLOV5}.get(run.framework, ())
    return [_consequence(behaviour, run.version) for behaviour in behaviours]


def legal(argument: str, run: Run) -> Optional[bool]:
    """Whether the release that wrote the run knows this argument; None where that is open."""
    if run.framework == "ultralytics":
        return ultralytics.legal(argument, run.version)
    if run.framework == "yolov5":
        return yolov5.legal(argument, run.version)
    return None


def _consequence(behaviour: Behaviour[Any], version: Optional[Version]) -> Consequence:
    return Consequence(behaviour.name, tuple(form.words for form in behaviour.possible(version)))


def _yolov7(arguments: Mapping[str, Any]) -> list[Consequence]:
    """YOLOv7's one release; an argument chooses the AP formula."""
    chosen = {True: (_LINE,), False: (_DROP,)}
    asked = arguments.get("v5_metric")
    return [
        _consequence(YOLOV5_FITNESS, None),
        Consequence(
            YOLOV5_AVERAGE_PRECISION.name,
            chosen[asked] if isinstance(asked, bool) else (_DROP, _LINE),
        ),
        Consequence(YOLOV5_WORKING_POINT.name, (YOLOV5_WORKING_POINT.forms[-1].words,)),
        _consequence(YOLOV5_MATRIX_CONFIDENCE, None),
        _consequence(YOLOV5_FIRST_EPOCH, None),
    ]
