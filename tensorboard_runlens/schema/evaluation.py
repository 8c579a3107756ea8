"""The JSON of ``runlens evaluate``."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.schema import Number


class EvaluatedSplit(msgspec.Struct, frozen=True):
    """A split that was validated, and the means over its classes at ``confidence``, the best one of val also for test:
    null for a classification, and for test where val was never validated."""

    split: Literal["val", "test"]
    images: int
    detections: Optional[int]
    confidence: Number
    f1: Number
    precision: Number
    recall: Number


class EvaluateAnswer(msgspec.Struct, frozen=True):
    """``runlens evaluate --json``."""

    ok: Literal[True]
    schema: int
    run: str
    evaluations: list[EvaluatedSplit]
