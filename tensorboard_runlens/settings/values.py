"""Single values of runlens.yaml: numbers, fractions 0..1, words."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any, Optional

from tensorboard_runlens.plain.marked_yaml import Marked
from tensorboard_runlens.settings.entries import Entry, Reading
from tensorboard_runlens.words import METRIC_WORDS

METRICS = "names of metrics with a number from 0 to 1 each"
"""What is expected where metrics are listed."""

PERCENT = 100.0
"""Numbers from 1 up to here, where a fraction is expected, are percentages."""


def number_of(value: Any) -> Optional[float]:
    """A finite number, None for anything else. YAML takes 1e-3 for text: it is a number here."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def fraction_of(reading: Reading, entry: Entry, value: Optional[Marked] = None) -> Optional[float]:
    """A number 0..1 (of ``value``, where that is a part of the entry's); None with a note for anything else."""
    written = (value or entry.value).value
    number = number_of(written)
    if number is not None and 0 <= number <= 1:
        return number
    percentage = number_of(written.rstrip("% ")) if isinstance(written, str) else number
    if percentage is not None and 0 <= percentage <= PERCENT:
        hint = f"for {percentage:g} % write {percentage / PERCENT:g}"
        reading.say(entry, f"must be a fraction from 0 to 1: {hint}")
    else:
        reading.say(entry, "must be a number from 0 to 1; it is not used")
    return None


def is_metric(reading: Reading, entry: Entry) -> bool:
    """Whether an entry's name is a metric; a note where it is not."""
    if entry.name in METRIC_WORDS:
        return True
    reading.say(entry, "is no metric", METRIC_WORDS)
    return False


def fractions_of(reading: Reading, entry: Entry) -> Mapping[str, float]:
    """Metrics with a fraction each."""
    metrics = [one for one in reading.entries(entry, METRICS) if is_metric(reading, one)]
    numbers = {one.name: fraction_of(reading, one) for one in metrics}
    return {name: number for (name, number) in numbers.items() if number is not None}


def words_of(text: str, longest: int) -> str:
    """Text without control and direction characters, on one line, cut where it is too long."""
    plain = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    said = " ".join(plain.split())
    return said if len(said) <= longest else said[: longest - 1] + "…"
