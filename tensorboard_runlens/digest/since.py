"""Since when a digest is asked for: a stretch of time before now, or a moment."""

from __future__ import annotations

import re
from datetime import datetime

USUAL = "12h"
"""An evening, a night and the way to work."""

SECONDS = {"m": 60.0, "h": 3600.0, "d": 86400.0}
MAX_S = 3650 * SECONDS["d"]
"""Ten years: nobody's digest goes further back, and clocks of every system still name the day."""

MAX_LENGTH = 40
"""Characters: a moment to the microsecond with its time zone has 32."""

_STRETCH = re.compile(r"(\d{1,9})([mhd])", re.ASCII)


class NoSuchTime(ValueError):
    """What is asked for is no time; the message says what would be."""


def parse(text: str, now: float) -> float:
    """``90m``, ``12h``, ``2d``, or a moment as ISO 8601 writes it, in local time unless it names its zone -> seconds
    since 1970. Raises NoSuchTime, also for a moment that is still to come or lies more than ten years back."""
    stretch = _STRETCH.fullmatch(text)
    since = now - int(stretch[1]) * SECONDS[stretch[2]] if stretch else _moment(text)
    if since > now:
        raise NoSuchTime("since lies in the future")
    if since < now - MAX_S:
        raise NoSuchTime("since lies more than ten years back")
    return since


def _moment(text: str) -> float:
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError(text)
        return datetime.fromisoformat(re.sub("Z$", "+00:00", text)).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise NoSuchTime("since is 90m, 12h, 2d or a time such as 2026-11-21T18:00") from error
