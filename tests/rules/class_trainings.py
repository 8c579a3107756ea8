"""Trainings of which single classes are known, as the callback records them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from .trainings import HEALTHY, Training


def classed(
    scores: Sequence[float],
    instances: Optional[Sequence[int]] = None,
    trained: Optional[Sequence[int]] = None,
    images: Optional[int] = None,
    precision: float = 0.8,
    recall: float = 0.7,
    training: Training = HEALTHY,
) -> Training:
    """A training whose classes have these mAP50-95, and their mean at the end. ``instances`` of each are validated, on
    as many ``images`` all in all, and ``trained`` trained on; what is None was not recorded."""
    n = len(scores)
    names = [f"part {chr(97 + number % 26)}{number // 26 or ''}" for number in range(n)]
    line = {
        "fitness": 0.5,
        "classes": list(range(n)),
        "instances": None if instances is None else list(instances),
        "box": {
            "precision": [precision] * n,
            "recall": [recall] * n,
            "ap50": [min(score + 0.1, 1.0) for score in scores],
            "ap50_95": list(scores),
        },
    }
    manifest = {"names": names, "images": {"train": None, "val": images}}
    if trained is not None:
        val = instances or [100] * n
        splits = {"train": {"instances": list(trained)}, "val": {"instances": list(val)}}
        manifest["class_counts"] = splits
    factor = sum(scores) / n / training.map50_95[-1]
    return training.changed(
        map50_95=[factor * score for score in training.map50_95],
        recording=[line] * len(training),
        manifest=manifest,
    )


def validated(objects: int, images: int, recall: float = 0.7) -> Training:
    """A training of one class, with so many validated objects on so many images, and this recall in every epoch."""
    columns = {"metrics/recall(B)": [recall] * len(HEALTHY)}
    case = classed([0.5], [objects], [10 * objects], images)
    return case.changed(columns=columns)
