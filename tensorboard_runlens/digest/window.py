"""The time that a digest is about, and how its moments are said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Optional

from tensorboard_runlens.digest.since import NoSuchTime

MAX_EAST_MIN = 15 * 60
"""Minutes from UTC: zones reach from 12 hours west to 14 east."""

_MINUTES = re.compile(r"-?\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class Window:
    """From ``since`` to ``now``, seconds since 1970, told by the clocks of ``zone``, None: by this machine's."""

    since: float
    now: float
    zone: Optional[timezone] = None

    def clock(self, moment: float) -> str:
        """07:40, with the date where that is not today's: 2026-11-21 07:40."""
        (local, today) = (datetime.fromtimestamp(one, self.zone) for one in (moment, self.now))
        form = "%H:%M" if local.date() == today.date() else "%Y-%m-%d %H:%M"
        return local.strftime(form)


def zone_of(minutes: str) -> timezone:
    """The zone so many minutes east of UTC. Raises NoSuchTime for what is none."""
    if not _MINUTES.fullmatch(minutes) or abs(int(minutes)) > MAX_EAST_MIN:
        raise NoSuchTime(
            f"zone is minutes east of UTC, such as 540 or -300, {MAX_EAST_MIN} at most"
        )
    return timezone(timedelta(minutes=int(minutes)))
