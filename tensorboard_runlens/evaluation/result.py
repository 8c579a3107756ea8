"""What a validation says of one split: the best confidence of val, and what it gives there or on test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.evaluation.images import VAL
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_evaluation import evaluations
from tensorboard_runlens.recording.evaluating.listener import Validation
from tensorboard_runlens.run import Run, main_group


@dataclass(frozen=True)
class Point:
    """A confidence and the means over the classes there, fractions, None where unknown."""

    confidence: Optional[float] = None
    f1: Optional[float] = None
    precision: Optional[float] = None
    recall: Optional[float] = None


UNKNOWN = Point()


@dataclass(frozen=True)
class Result:
    """One split: images, detections (None for a classification), and the point at val's best confidence."""

    split: str
    images: int
    detections: Optional[int]
    point: Point


def tuned_confidence(run: Run) -> Optional[float]:
    """The best confidence on val, as far as it was measured: by an evaluation, else when the training ended."""
    evaluated = evaluations(Folder(run.path))[0].get(VAL)
    measured = evaluated.measured if evaluated else run.recorded and run.recorded.final
    group = main_group(measured.optimum) if measured else None
    return measured.optimum[group][0] if measured and group else None


def result_of(split: str, found: Validation, tuned: Optional[float]) -> Result:
    """``tuned`` is the confidence that was chosen on val; of val itself it is the one that this validation chose."""
    steps = found.arrays.get("detection_step")
    group = main_group(found.fields) or ""
    point = _best(found.fields.get(group, {})) if split == VAL else _at(found, group, tuned)
    return Result(split, found.images, None if steps is None else len(steps), point)


def _best(fields: Mapping[str, Any]) -> Point:
    """Where the mean F1 of the classes is highest, as the framework has it."""
    optimum = fields.get("optimum")
    if optimum is None:
        return UNKNOWN
    (precision, recall) = (float(np.mean(fields[name])) for name in ("precision", "recall"))
    return Point(optimum["confidence"], optimum["f1"], precision, recall)


def _at(found: Validation, group: str, confidence: Optional[float]) -> Point:
    """What a confidence gives."""
    if confidence is None or f"{group}_f1" not in found.arrays:
        return UNKNOWN
    nearest = int(np.abs(found.arrays["confidence"] - confidence).argmin())
    (f1, precision, recall) = (
        float(found.arrays[f"{group}_{name}"][nearest]) for name in ("f1", "precision", "recall")
    )
    return Point(confidence, f1, precision, recall)
