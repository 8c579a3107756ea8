"""An upper bound from the clock: a release that was not yet published cannot have written a run.

TensorBoard puts the time at which a run began into the name of its event file. Copies keep it,
clocks may be wrong: it is the weakest evidence there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Optional

from tensorboard_runlens.releases.evidence import Evidence
from tensorboard_runlens.releases.ultralytics import before

BUILT = {
    "8.0.100": "2023-05-14",
    "8.0.162": "2023-08-24",
    "8.0.197": "2023-10-13",
    "8.0.222": "2023-12-03",
    "8.0.236": "2024-01-06",
    "8.1.30": "2024-03-20",
    "8.2.50": "2024-07-05",
    "8.3.0": "2024-09-30",
    "8.3.9": "2024-10-09",
    "8.3.50": "2024-12-16",
    "8.3.75": "2025-02-13",
    "8.3.79": "2025-02-25",
    "8.3.100": "2025-04-01",
    "8.3.126": "2025-05-03",
    "8.3.154": "2025-06-12",
    "8.3.176": "2025-08-07",
    "8.3.198": "2025-09-10",
    "8.3.214": "2025-10-14",
    "8.4.0": "2026-01-14",
    "8.4.37": "2026-04-10",
    "8.4.52": "2026-05-20",
    "8.4.80": "2026-06-26",
    "8.4.103": "2026-07-21",
    "8.4.117": "2026-08-09",
    "8.4.171": "2026-10-01",
    "8.4.176": "2026-10-12",
}
"""Ultralytics release -> day on which its wheel was built, from the times of the files in it."""

SLACK = timedelta(days=2)
"""Time zones, and clocks that go a little wrong."""

STARTED = re.compile(r"tfevents\.(\d{9,10})\.")
"""Seconds since 1970 in the name of an event file."""


def by_start(event_files: Iterable[str]) -> Evidence:
    """The last release that existed when the newest of these event files of Ultralytics was begun."""
    moments = [int(match[1]) for match in map(STARTED.search, event_files) if match]
    bound = _existing(max(moments)) if moments else None
    return Evidence("time in the event file's name", ((None, bound),) if bound else ())


def _existing(moment: int) -> Optional[str]:
    started = datetime.fromtimestamp(moment, timezone.utc) + SLACK
    for name, day in BUILT.items():
        if started < datetime.fromisoformat(day).replace(tzinfo=timezone.utc):
            return before(name)
    return None
