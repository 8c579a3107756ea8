"""Curves by confidence made small: fewer points, fewer bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import FRACTION_STEPS, THINNED
from tensorboard_runlens.run import Floats

THINNED_CONFIDENCE = np.linspace(0, 1, THINNED)
"""0, 0.01, ... 1."""

DECIMALS = 4
"""Of the curves of an epoch: a pixel in a chart of 10,000."""


def thinned(confidence: Any, curves: Any) -> Floats:
    """Curves (..., n) over ascending ``confidence`` (n,), linear between its points, at the thinned confidences."""
    given = np.asarray(confidence, np.float64)
    values = np.asarray(curves, np.float64)
    right = np.searchsorted(given, THINNED_CONFIDENCE).clip(1, len(given) - 1)
    left = right - 1
    share = ((THINNED_CONFIDENCE - given[left]) / (given[right] - given[left])).clip(0, 1)
    between: Floats = values[..., left] * (1 - share) + values[..., right] * share
    return between


def thinned_means(confidence: Any, curves: Mapping[str, Any]) -> dict[str, Floats]:
    """Of each of the curves (classes, n) the mean, thinned, as an epoch's line has it."""
    means = np.stack([np.mean(rows, 0) for rows in curves.values()])
    return dict(zip(curves, thinned(confidence, means).round(DECIMALS)))


def as_steps(fractions: Any) -> npt.NDArray[np.uint16]:
    """Fractions in steps of 1/65535."""
    steps = np.asarray(fractions, np.float64) * FRACTION_STEPS
    return np.asarray(steps.round().clip(0, FRACTION_STEPS), np.uint16)
