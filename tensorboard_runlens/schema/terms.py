"""The words and kinds of values that the fields of all answers have in common."""

from __future__ import annotations

from typing import Literal, Optional, Union

SCHEMA_VERSION = 1

Framework = Literal[
    "ultralytics", "yolov5", "yolov7", "selftraining", "recorded", "events", "unknown"
]
Task = Literal["detect", "segment", "pose", "obb", "classify", "semantic", "unknown"]
State = Literal[
    "running", "stale", "finished", "early_stopped", "interrupted", "diverged", "empty", "unknown"
]
Severity = Literal["info", "warning", "critical"]
HealthLevel = Literal["ok", "info", "warning", "critical", "no_verdict"]
Confidence = Literal["low", "moderate", "high"]
Ended = Literal["out_of_memory", "killed", "disk_full", "stopped_by_user", "error"]
"""Why a training broke off. killed: the process was ended from outside and could say nothing."""
Quality = Literal["better", "same", "worse", "unknown"]
Verdict = Literal[
    "none",
    "loss_only",
    "quality_unchanged",
    "quality_unknown",
    "overfitting",
    "past_best",
    "never_generalised",
    "mosaic_step",
    "too_short",
    "unknown",
]
ErrorCode = Literal[
    "bad_request",
    "unknown_run",
    "not_found",
    "method_not_allowed",
    "too_large",
    "unreadable",
    "internal",
]
Number = Optional[float]
Span = tuple[int, int]
Evidence = Union[None, bool, int, float, str, list[Union[int, float, str]]]
