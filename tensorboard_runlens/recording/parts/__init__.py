"""What is recorded of an Ultralytics training, a file each; tracking.py says when each is asked."""

from __future__ import annotations

from typing import Any

from tensorboard_runlens.recording.parts.classes import Classes
from tensorboard_runlens.recording.parts.data_set import DataSet

PARTS: tuple[Any, ...] = (Classes, DataSet)
"""In the order in which they are asked."""
