"""A TensorBoard tab, a command and a recorder that diagnose object-detection training runs."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_LAZY = {
    "track": "tensorboard_runlens.recording.ultralytics",
    "Recorder": "tensorboard_runlens.recording.recorder",
    "RunLensTrainer": "tensorboard_runlens.recording.trainers",
}
"""What a training script imports, and where it is: numpy is loaded only then."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_LAZY[name]), name)
