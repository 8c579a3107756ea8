"""What a process is told by its environment: which of several it is, and what to record where no script says so."""

from __future__ import annotations

import os
import sys
from typing import Any

from tensorboard_runlens.recording.options import Options

OPTIONS = "RUNLENS_OPTIONS"
"""Names of what ``track`` takes, as in ``gradients,confusion``."""


def rank() -> int:
    """The number of this process among those that train together, -1 where it trains alone.

    As Ultralytics understands the environment: newer releases ignore RANK where WORLD_SIZE is 1.
    """
    understood = getattr(sys.modules.get("ultralytics.utils"), "RANK", None)
    return int(os.environ.get("RANK", "-1") if understood is None else understood)


def processes(trainer: Any) -> int:
    """How many train together, 1 alone. Older trainers (8.3.160) do not keep their number."""
    kept = getattr(trainer, "world_size", None)
    if kept is None:
        kept = os.environ.get("WORLD_SIZE", "1") if rank() >= 0 else 1
    return max(1, int(kept))


def options() -> Options:
    """What the environment asks for; names that are unknown ask for nothing."""
    asked = {name.strip() for name in os.environ.get(OPTIONS, "").split(",")}
    return Options(gradients="gradients" in asked, confusion="confusion" in asked)
