"""The confidence at which Ultralytics states precision and recall."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tensorboard_runlens.run import Floats

SMOOTHING = 0.1
"""Width of the moving average, as a share of the curve, under which Ultralytics looks for the best F1."""


def f1_optimum(confidence: Any, f1_curve: Any) -> Optional[dict[str, float]]:
    """The confidence that the framework states precision and recall at, and the mean F1 of the classes there.

    ``confidence`` is (n,), ``f1_curve`` (classes, n). None where there is no curve or F1 is 0 everywhere.
    """
    curves = np.asarray(f1_curve, np.float64)
    if curves.ndim != 2 or not curves.size:
        return None
    mean = curves.mean(0)
    if not mean.max() > 0:
        return None
    best = int(smoothed(mean).argmax())
    return {"confidence": float(confidence[best]), "f1": float(mean[best])}


def smoothed(curve: Floats, width: float = SMOOTHING) -> Floats:
    """Moving average of odd width, a share of the curve's points; the ends are continued."""
    points = round(len(curve) * width * 2) // 2 | 1
    (before, after) = (np.full(points // 2, end) for end in curve[[0, -1]])
    continued = np.concatenate([before, curve, after])
    return np.convolve(continued, np.ones(points) / points, mode="valid")
