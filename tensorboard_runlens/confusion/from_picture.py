"""How classes are taken for each other, as the framework's own picture shows it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.confusion.ranking import ranked
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.plain_values import class_names, rounded
from tensorboard_runlens.releases.consequences import MATRIX_CONFIDENCE
from tensorboard_runlens.run import Run
from tensorboard_runlens.schema.threshold import ConfusionAnswer, ConfusionStep
from tensorboard_runlens.thresholds.matrix_picture import MatrixReading, read_matrix
from tensorboard_runlens.thresholds.of_run.curve_pictures import whose

FILES = ("confusion_matrix.png", "confusion_matrix_normalized.png")
"""Ultralytics draws counts and shares, YOLOv5 and YOLOv7 shares under the first name."""

KEPT = 100
"""Readings that are kept: a page asks for the same picture several times."""

YOLOV5_CONFIDENCE = 0.25
"""Of YOLOv5's and YOLOv7's pictures, in every release."""

ORDER = ("exact", "approximate", "unreadable")
"""Of two pictures the one that tells more is answered."""

LEAST = 0.001
"""What validation keeps detections from unless ``conf=`` says otherwise."""


def confusion_drawn(analysis: Analysis, folder: Folder) -> Optional[ConfusionAnswer]:
    """The answer from the first picture that can be read, else why it could not; None without a picture."""
    run = analysis.run
    names = known_names(analysis)
    classes = len(names) or analysis.signals.data.n_classes
    there = [name for name in FILES if name in run.files.by_role.get("confusion", ())]
    answers = [_answer(run, names, name, _read(folder, name, classes)) for name in there[:1]]
    if there[1:] and answers[0].status != "exact":
        answers.append(_answer(run, names, there[1], _read(folder, there[1], classes)))
    return min(answers, key=lambda one: ORDER.index(one.status), default=None)


def known_names(analysis: Analysis) -> Sequence[str]:
    """All classes of the run by number, empty where no file tells them all."""
    dataset = analysis.surroundings.dataset
    if analysis.run.recorded is not None and analysis.run.recorded.names:
        return analysis.run.recorded.names
    return dataset.classes if dataset is not None else ()


def matrix_confidence(run: Run) -> Optional[float]:
    """The confidence that detections in a picture are above; None where the release is not known."""
    if run.framework in ("yolov5", "yolov7"):
        return YOLOV5_CONFIDENCE
    if run.framework != "ultralytics" or run.task == "classify":
        return None
    conf = run.arguments.get("conf")
    if isinstance(conf, float) and LEAST < conf < 1:
        return conf
    return MATRIX_CONFIDENCE.known(run.version)


def _answer(run: Run, names: Sequence[str], file: str, reading: MatrixReading) -> ConfusionAnswer:
    size = reading.size or 0
    background = size > len(names) if names else run.task != "classify"
    confidence = matrix_confidence(run)
    listed = class_names(names, max(size - background, 0))
    return ConfusionAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        run=run.name,
        names=listed,
        background=background,
        source="picture",
        status=reading.status,  # type: ignore[arg-type]
        reason=_reason(run, file, reading, confidence),
        validated=f"{whose(run)}, as drawn in {file}",
        chosen=confidence,
        steps=_steps(reading, confidence, len(listed)),
        shares=_shares(reading),
    )


def _steps(
    reading: MatrixReading, confidence: Optional[float], classes: int
) -> list[ConfusionStep]:
    if reading.counts is None:
        return []
    (predicted, true) = np.nonzero(reading.counts)
    cells = np.column_stack([predicted, true, reading.counts[predicted, true]])
    return [ConfusionStep(confidence, cells.tolist(), ranked(cells, classes))]


def _shares(reading: MatrixReading) -> Optional[list[tuple[int, int, float]]]:
    """Those that are not zero; what the picture leaves blank is below .005."""
    if reading.shares is None:
        return None
    (predicted, true) = np.nonzero(np.nan_to_num(reading.shares) > 0)
    return [
        (int(row), int(column), rounded(float(reading.shares[row, column])) or 0.0)
        for (row, column) in zip(predicted, true)
    ]


def _reason(run: Run, file: str, reading: MatrixReading, confidence: Optional[float]) -> str:
    if reading.status == "unreadable":
        return f"{file} could not be read: {reading.reason}"
    said = [reading.reason] if reading.reason else []
    if run.task == "classify":
        return " ".join(said)
    if confidence is None:
        said.append("Which confidence it was drawn at depends on the release, which is not known.")
    elif confidence <= LEAST:
        said.append(f"It was drawn at confidence {confidence:g}, where nearly everything passes.")
    else:
        said.append(f"It was drawn at confidence {confidence:g}.")
    return " ".join(said)


def _read(folder: Folder, name: str, classes: Optional[int]) -> MatrixReading:
    try:
        entry = folder.files[name]
        return _kept(folder.local_path(name), entry.size, entry.mtime, classes)
    except FileRefused as refusal:
        return MatrixReading("unreadable", str(refusal))
    except KeyError:
        return MatrixReading("unreadable", "It is gone.")


@functools.lru_cache(maxsize=KEPT)
def _kept(path: str, size: int, changed: float, classes: Optional[int]) -> MatrixReading:
    """The reading of a file of this size and time."""
    return read_matrix(path, classes)
