"""The time that a digest is about, and how its moments are said."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tensorboard_runlens.words import duration


@dataclass(frozen=True)
class Window:
    """From ``since`` to ``now``, seconds since 1970."""

    since: float
    now: float

    def clock(self, moment: float) -> str:
        """Local time: 07:40, with the date where that is not today's: 2026-11-21 07:40."""
        (local, today) = (time.localtime(moment), time.localtime(self.now))
        form = "%H:%M" if local[:3] == today[:3] else "%Y-%m-%d %H:%M"
        return time.strftime(form, local)


DAYS_FROM_H = 72
"""Hours from which on days are easier to grasp."""


def lasting(seconds: float) -> str:
    """12000 -> "3.3 hours"."""
    if seconds < 1:
        return "less than a second"
    hours = seconds / 3600
    return duration(hours) if hours < DAYS_FROM_H else f"{hours / 24:.1f} days"
