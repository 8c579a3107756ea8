"""Precision, recall and F1 over confidence, as an Ultralytics validator holds them after every validation."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.curves import (
    THINNED_CONFIDENCE,
    as_steps,
    thinned,
    thinned_means,
)
from tensorboard_runlens.recording.releases import Repeated

ATTRIBUTE_OF_GROUP = {"box": "box", "mask": "seg", "pose": "pose"}

ATTRIBUTE_OF_CURVE = {"precision": "p_curve", "recall": "r_curve", "f1": "f1_curve"}

Arrays = dict[str, npt.NDArray[Any]]


class Curves:
    """Of the best epoch and of best.pt: the means in full, each class thinned."""

    name = "curves"

    def __init__(self, tracking: Any) -> None:
        self._repeated = Repeated()

    def validated(self, validator: Any) -> None:
        """Notes which curves these are."""
        self._repeated(validator)

    def best(self, trainer: Any) -> Arrays:
        """Of the validation that has just been."""
        return curve_arrays(trainer.validator.metrics)

    def final_arrays(self, validator: Any) -> Arrays:
        """Of best.pt."""
        return {} if self._repeated(validator) else curve_arrays(validator.metrics)


def mean_curves(metric: Any) -> Optional[dict[str, Any]]:
    """Means over the classes, thinned; None where there are no curves."""
    if not _has_curves(metric):
        return None
    curves = {name: getattr(metric, attribute) for (name, attribute) in ATTRIBUTE_OF_CURVE.items()}
    return thinned_means(metric.px, curves)


def curve_arrays(metrics: Any) -> Arrays:
    """The arrays of a validation (docs/recorded_data.md); empty where there are no curves."""
    groups = {
        group: getattr(metrics, attribute)
        for (group, attribute) in ATTRIBUTE_OF_GROUP.items()
        if _has_curves(getattr(metrics, attribute, None))
    }
    if not groups:
        return {}
    box = metrics.box
    arrays: Arrays = {
        "confidence": np.asarray(box.px, np.float32),
        "classes": np.asarray(box.ap_class_index, np.int32),
        "class_confidence": THINNED_CONFIDENCE.astype(np.float32),
    }
    for group, metric in groups.items():
        for name, attribute in ATTRIBUTE_OF_CURVE.items():
            curves = np.asarray(getattr(metric, attribute))
            arrays[f"{group}_{name}"] = curves.mean(0).astype(np.float32)
            arrays[f"{group}_class_{name}"] = as_steps(thinned(metric.px, curves))
    return arrays


def _has_curves(metric: Any) -> bool:
    """Without objects, and before the first validation, the framework holds empty lists."""
    curves = (getattr(metric, attribute, ()) for attribute in ATTRIBUTE_OF_CURVE.values())
    return len(getattr(metric, "px", ())) > 1 and all(np.size(curve) for curve in curves)
