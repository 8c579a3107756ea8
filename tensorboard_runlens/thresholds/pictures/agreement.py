"""Whether the digits of the legend and the traced curve say the same."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens.thresholds.pictures.legend import Reading
from tensorboard_runlens.thresholds.pictures.stroke import Traced

PRINTED = 0.005
"""Half of the last digit of a printed value."""

VALUE_PIXELS = 1.5
DROP_PIXELS = 1.0
"""Pixels by which a traced maximum, and the curve's drop from it to the printed confidence, may be off."""

VALUE_SLACK = 0.001
DROP_SLACK = 0.004
"""Of the value axis, beyond pixels: what tracing loses on curves with spikes."""

REACH_PIXELS = 2.6
"""Pixels beside the printed confidence where its value is looked for: what the frame's place and the
print's rounding leave open, and the frame itself at confidence 0 and 1."""

AREA_SLACK = 0.006
"""Between the area under a PR curve and its printed mAP, which sums other points: .003 at most in 91 pictures."""

SLOPE_COLUMNS = 3
STEEPER = 2.5
"""Recall falls steeply from confidence 0, which the frame hides: by how much is told from the slope of the
first columns seen, and beneath the frame it may be as many times as steep."""

FLAT_PIXELS = 0.25
"""Within which of the maximum a curve counts as flat: its middle is the best confidence."""


def best(traced: Traced, pixel: float) -> tuple[float, float]:
    """(confidence, value) of the curve's maximum: the middle of where it is flat."""
    top = float(np.nanmax(traced.high))
    flat = np.flatnonzero(traced.y >= float(np.nanmax(traced.y)) - FLAT_PIXELS * pixel)
    return float(np.clip(traced.x[flat[len(flat) // 2]], 0, 1)), top


def value_at(traced: Traced, confidence: float, step: float) -> float:
    """The highest value that the curve may have within reach of a confidence; ``step`` is a pixel's width."""
    near = np.abs(traced.x - confidence) <= (REACH_PIXELS + 1) * step
    values = traced.ceiling[near]
    return float(np.nanmax(values)) if np.isfinite(values).any() else float("nan")


def area(traced: Traced) -> float:
    """Under the curve, from 0 to 1; what the frame hides at both ends is as high as its neighbour."""
    seen = ~np.isnan(traced.y)
    (x, y) = (traced.x[seen], traced.y[seen])
    x = np.concatenate([[0.0], x, [1.0]])
    y = np.concatenate([y[:1], y, y[-1:]])
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def disagreement(reading: Reading, traced: Traced, pixel: float) -> Optional[str]:
    """None when legend and curve agree, else what they say; ``pixel`` is a pixel's height on the axis."""
    if reading.value is None:
        return "The legend says nan."
    if reading.confidence is None:
        return _area_differs(reading.value, traced)
    (_, top) = best(traced, pixel)
    step = float(np.diff(traced.x[:2])[0])
    slack = PRINTED + VALUE_PIXELS * pixel + VALUE_SLACK
    if not top - slack <= reading.value <= top + slack + _hidden(traced, reading.confidence, step):
        return f"The legend says {reading.value:.2f}, the curve's maximum is {top:.4f}."
    there = value_at(traced, reading.confidence, step)
    if not top - there <= DROP_SLACK + DROP_PIXELS * pixel:
        return (
            f"The legend says that the maximum is at {reading.confidence:.3f}, where the curve"
            f" has {there:.4f} and not {top:.4f}."
        )
    return None


def _hidden(traced: Traced, confidence: float, step: float) -> float:
    """How much higher the curve may be beneath the frame, where the printed confidence is 0 or 1."""
    (x, y) = (traced.x, traced.high)
    if confidence > 0.5:
        (x, y) = (1 - x[::-1], y[::-1])
        confidence = 1 - confidence
    seen = np.flatnonzero(~np.isnan(y))[: SLOPE_COLUMNS + 1]
    if confidence > REACH_PIXELS * step or len(seen) <= SLOPE_COLUMNS:
        return 0.0
    slope = (y[seen[0]] - y[seen[-1]]) / (x[seen[-1]] - x[seen[0]])
    return float(max(slope, 0) * x[seen[0]] * STEEPER)


def _area_differs(printed: float, traced: Traced) -> Optional[str]:
    under = area(traced)
    if abs(under - printed) <= AREA_SLACK:
        return None
    return f"The legend says mAP {printed:.3f}, the area under the curve is {under:.4f}."
