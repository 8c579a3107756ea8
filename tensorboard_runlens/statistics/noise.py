"""How much a curve shakes: medians, epoch-to-epoch noise, autocorrelation. All series have shape
(n,), finite values."""

from __future__ import annotations

import math

import numpy as np

from tensorboard_runlens.run import Floats

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation of a normal sample to its standard deviation."""

SECOND_DIFFERENCE_SD = math.sqrt(6.0)
"""Standard deviation of x[i-1] - 2 x[i] + x[i+1] for white noise of standard deviation 1."""

MOST_ALIKE = 0.8
"""Correlation of neighbouring values that is reckoned with at most; so few values show no more."""


def running_median(values: Floats, window: int) -> Floats:
    """Median over an odd ``window`` centred on each point; at the ends over what is there (edge values repeated)."""
    half = min(window // 2, max(len(values) - 1, 0))
    padded = np.concatenate((values[:1].repeat(half), values, values[-1:].repeat(half)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.partition(windows, half, axis=1)[:, half], np.float64)


def inner_medians(values: Floats, window: int) -> Floats:
    """Medians of all full windows, shape (n - window + 1,): no end counts twice. Needs window values."""
    windows = np.lib.stride_tricks.sliding_window_view(values, window)
    return np.asarray(np.median(windows, axis=1), np.float64)


def robust_sigma(values: Floats) -> float:
    """Standard deviation from the median absolute deviation; 0 for fewer than two values."""
    if len(values) < 2:
        return 0.0
    return MAD_TO_SIGMA * float(np.median(np.abs(values - np.median(values))))


def second_difference_sigma(values: Floats) -> float:
    """Noise of a smooth curve: what is left after slopes cancel in second differences; 0 for fewer than four values."""
    if len(values) < 4:
        return 0.0
    return robust_sigma(np.diff(values, 2)) / SECOND_DIFFERENCE_SD


def lag_one(values: Floats) -> float:
    """Correlation of each value with the one before; 0 where nothing varies."""
    centred = values - values.mean() if len(values) else values
    power = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / power if power > 0 else 0.0


def likeness(rest: Floats, taken: int) -> float:
    """Correlation of neighbours, 0..MOST_ALIKE, in what a curve of ``taken`` parameters left of values (n,), n >= 1: it
    makes them look less alike than they are (Marriott and Pope 1954)."""
    seen = lag_one(rest)
    return min(max(seen + (taken + (taken + 2) * seen) / len(rest), 0.0), MOST_ALIKE)


def clip_spikes(values: Floats, window: int, sigmas: float, first: int) -> Floats:
    """Replaces isolated spikes (further than ``sigmas`` robust sigmas off the running median) by
    that median.

    The first ``first`` points are kept as they are: a curve falls steeply there.
    """
    middle = running_median(values, window)
    off = values - middle
    spread = max(robust_sigma(off), second_difference_sigma(values))
    spikes = np.abs(off) > sigmas * spread if spread > 0 else np.zeros(len(values), np.bool_)
    spikes[:first] = False
    return np.where(spikes, middle, values)
