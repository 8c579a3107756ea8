"""``hours:`` of runlens.yaml: what a training may take before its end comes too late."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Optional

from tensorboard_runlens.recording.layout import MAX_HOURS
from tensorboard_runlens.settings.entries import Entry, Reading
from tensorboard_runlens.settings.values import number_of
from tensorboard_runlens.settings.words import run_name

EVERY = "*"
"""The pattern that fits every run: what a single number is for."""


def hours_of(reading: Reading, entry: Entry) -> Mapping[str, float]:
    """Hours by run name or pattern."""
    if entry.value.entries is None and not entry.value.is_empty:
        hours = _hours(reading, entry)
        return {} if hours is None else {EVERY: hours}
    entries = reading.entries(entry, "a number, or names of runs with a number each")
    found = {run_name(one.name): _hours(reading, one) for one in entries}
    return {name: hours for (name, hours) in found.items() if hours is not None}


def _hours(reading: Reading, entry: Entry) -> Optional[float]:
    hours = number_of(entry.value.value)
    if hours is not None and 0 < hours <= MAX_HOURS:
        return hours
    reading.say(entry, f"must be a number of hours above 0, at most {MAX_HOURS:,}; it is not used")
    return None


def planned_hours(hours: Mapping[str, float], name: str) -> Optional[float]:
    """What a run may take: as its name says, else the first pattern that fits; None where nobody said."""
    fitting = (value for (pattern, value) in hours.items() if fnmatchcase(name, pattern))
    return hours.get(name, next(fitting, None))
