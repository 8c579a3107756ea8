"""runlens.yaml: what a user wants judged otherwise, and wants to reach, kept in the logdir.

docs/settings.md shows all that it may say. A mistake in it becomes a note with its line and costs nothing else.
"""

from __future__ import annotations

from tensorboard_runlens.settings.file import MAX_BYTES, MAX_LEVELS_UP, load, nearest
from tensorboard_runlens.settings.model import FILE_NAME, GRADES, Settings

__all__ = ["FILE_NAME", "GRADES", "MAX_BYTES", "MAX_LEVELS_UP", "Settings", "load", "nearest"]
