"""What a process is told by its environment: which of several it is, and what to record where no script says so."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import fields
from typing import Any

from tensorboard_runlens.recording.options import Options

OPTIONS = "RUNLENS_OPTIONS"
"""What ``track`` takes, as in ``gradients,stop=past_best,min_epochs=50``."""

MAX_SAID = 200
"""Characters of unknown names that are repeated."""


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
    """What the environment asks for; names that are unknown ask for nothing, and what is no number is NaN."""
    asked = _asked()
    return Options(
        gradients="gradients" in asked,
        confusion="confusion" in asked,
        stop=asked.get("stop"),
        min_epochs=_number(asked.get("min_epochs", "0")),
        hours=_number(asked["hours"]) if "hours" in asked else None,
    )


def unknown_options() -> list[str]:
    """What the environment asks for in vain, in words: a sentence or none."""
    unknown = ", ".join(sorted({*_asked()} - {"", *(field.name for field in fields(Options))}))
    return [f"what {OPTIONS} calls {unknown[:MAX_SAID]}"] if unknown else []


def _asked() -> dict[str, str]:
    pairs = (one.partition("=") for one in os.environ.get(OPTIONS, "").split(","))
    return {name.strip(): value.strip() for (name, _, value) in pairs}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
