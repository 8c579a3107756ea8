"""The JSON of F1, precision and recall by confidence."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.terms import Number


class CurvePoint(msgspec.Struct, frozen=True):
    """The mean over the classes at one confidence."""

    confidence: float
    f1: float
    precision: float
    recall: float


class Curve(msgspec.Struct, frozen=True):
    """Means over the classes by confidence, as best.pt was validated: after training, or at ``epoch`` while that has
    not happened. ``optimum`` is where the framework found F1 best, ``cut`` the confidence below which ``conf=`` kept
    detections from being validated."""

    epoch: Optional[int]
    confidence: list[float]
    f1: list[float]
    precision: list[float]
    recall: list[float]
    optimum: Optional[CurvePoint]
    cut: Number
