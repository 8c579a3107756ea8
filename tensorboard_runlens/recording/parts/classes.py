"""What an Ultralytics validator has measured, class by class: arrays that it holds anyway, nothing computed twice."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.evidence.optimum import f1_optimum
from tensorboard_runlens.recording.parts.curves import ATTRIBUTE_OF_GROUP, mean_curves
from tensorboard_runlens.recording.releases import Repeated


class Classes:
    """Metrics by class of every epoch and of best.pt, and what best.pt is chosen by."""

    name = "metrics by class"

    def __init__(self, tracking: Any) -> None:
        self._measured: dict[str, Any] = {}
        self._repeated = Repeated()

    def trained(self, trainer: Any) -> None:
        """Forgets an epoch that NaN losses have the framework repeat."""
        self._measured = {}

    def validated(self, validator: Any) -> None:
        """Takes the numbers; up to 8.3.78 an epoch without a hit still shows those of the last one."""
        if not self._repeated(validator):
            self._measured = measured(validator)

    def epoch(self, trainer: Any) -> dict[str, Any]:
        """Nothing but a missing fitness where the epoch was not validated."""
        fitness = getattr(trainer, "fitness", None) if self._measured else None
        return {"fitness": None if fitness is None else float(fitness), **self._measured}

    def final(self, validator: Any) -> dict[str, Any]:
        """Of best.pt."""
        return {} if self._repeated(validator) else measured(validator)


def measured(validator: Any) -> dict[str, Any]:
    """The fields of an epoch that a validation gives (docs/recorded_data.md); empty where no class was validated."""
    metrics = validator.metrics
    if validator.args.task == "classify":
        return _of_matrix(validator.confusion_matrix.matrix)
    if not hasattr(metrics, "box"):
        return {}  # semantic segmentation and depth have no classes to tell apart here
    classes = np.asarray(metrics.box.ap_class_index, np.int64)
    if not classes.size:
        return {}
    groups = {
        group: _group(getattr(metrics, attribute))
        for (group, attribute) in ATTRIBUTE_OF_GROUP.items()
        if _has_numbers(getattr(metrics, attribute, None))
    }
    counts = {
        "images": _counts(metrics, validator, "nt_per_image", classes),
        "instances": _counts(metrics, validator, "nt_per_class", classes),
    }
    return {"classes": classes, **counts, **groups}


def _has_numbers(metric: Any) -> bool:
    """Up to 8.3.153 poses have masks, too, in which there is nothing."""
    return bool(np.size(getattr(metric, "all_ap", ())))


def _group(metric: Any) -> dict[str, Any]:
    """Row i of each array belongs to class ``ap_class_index[i]``."""
    average_precision = np.asarray(metric.all_ap)
    return {
        "precision": metric.p,
        "recall": metric.r,
        "f1": metric.f1,
        "ap50": average_precision[:, 0],
        "ap50_95": average_precision.mean(1),
        "optimum": f1_optimum(getattr(metric, "px", ()), getattr(metric, "f1_curve", ())),
        "curves": mean_curves(metric),
    }


def _counts(metrics: Any, validator: Any, name: str, classes: Any) -> Optional[Any]:
    """Up to 8.3.153 the validator counted, later its metrics do; None where nobody does."""
    counted = getattr(metrics, name, None)
    counted = getattr(validator, name, None) if counted is None else counted
    return None if counted is None else np.asarray(counted)[classes]


def _of_matrix(matrix: Any) -> dict[str, Any]:
    """Classification: counts by (predicted, true) class. Classes without images are left out; precision is
    missing where a class was never predicted."""
    counts = np.asarray(matrix, np.float64)
    if not counts.sum():
        return {}
    classes = np.flatnonzero(counts.sum(0))
    right = counts.diagonal()[classes]
    predicted = counts.sum(1)[classes]
    there = counts.sum(0)[classes]
    with np.errstate(invalid="ignore"):
        precision = right / predicted
    group = {"precision": precision, "recall": right / there, "f1": 2 * right / (predicted + there)}
    images = there.astype(np.int64)
    return {"classes": classes, "images": images, "instances": images, "classify": group}
