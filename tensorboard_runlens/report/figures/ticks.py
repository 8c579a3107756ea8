"""Where an axis begins and ends, and the round numbers on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tensorboard_runlens.report.document import Chart

WANTED = 6
"""Numbers on an axis, or a few less."""

STEPS = (1.0, 2.0, 5.0, 10.0)

LARGEST = 1e100
"""No measured value is larger; the span of two such floats would not be finite."""

FINEST = 1e-9
"""Share of the values that an axis spans at least: what lies closer has the same numbers beside it."""

DIGITS = 12
"""Of a number on an axis: hides what adding up leaves behind the last one."""


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most ``low`` to at least ``high``."""
    largest = max(abs(low), abs(high))
    span = max(high - low or largest or 1.0, FINEST * largest, 1 / LARGEST)
    size = 10.0 ** math.floor(math.log10(span / WANTED))
    step = next(size * factor for factor in STEPS if span / (size * factor) <= WANTED)
    (first, last) = (math.floor(low / step), math.ceil(high / step))
    return [
        float(f"{number * step:.{DIGITS}g}") for number in range(first, max(last, first + 1) + 1)
    ]


def limits(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest; 0 to 1 where there is none."""
    return (min(values), max(values)) if values else (0.0, 1.0)


def finite(chart: Chart) -> list[tuple[float, float]]:
    """All points that can be drawn."""
    return [
        (x, y)
        for line in chart.lines
        for (x, y) in line.points
        if y is not None and abs(y) <= LARGEST and abs(x) <= LARGEST
    ]
