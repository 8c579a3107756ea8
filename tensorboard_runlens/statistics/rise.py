"""Does a validation loss fall and then rise, by more than chance, while the training loss goes on
falling?

A deterministic test: least squares of "only falls" against "falls, then rises" on the logarithm of
the loss, with a simulated null for autocorrelated noise, a floor for the effect, and a window for
the onset. Everything that a curve may do while it only falls (learning-rate drops, plateaus, any
speed) is inside the null and cannot fire it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import (
    clip_spikes,
    lag_one,
    running_median,
    second_difference_sigma,
)
from tensorboard_runlens.statistics.null import p_value
from tensorboard_runlens.statistics.trend import exponential_average, kendall_tau_with_time
from tensorboard_runlens.statistics.unimodal import Unimodal, fit_unimodal

LOSS_RANGE = (1e-12, 1e12)
"""Losses outside are damaged cells: real ones lie between a millionth and some thousands."""

MIN_POINTS = 8
"""The shortest series for which the null is tabulated."""

MAX_POINTS = 150
"""Longer series are averaged in blocks: that removes most autocorrelation and bounds the cost."""

MEDIAN_WINDOW = 7
"""Running median for spikes and autocorrelation, in points."""

SPIKE_SIGMAS = 5.0
"""Further off the running median than this is an isolated spike, not a trend."""

WARM_UP_SHARE = 0.05
"""Beginning of a series in which no spike is clipped: the loss falls steeply there."""

RESIDUAL_FACTOR = 1.15
"""A monotone fit follows its noise; its residuals are too small by about this factor."""

MAX_CORRELATION = 0.8
"""Beyond it 150 points cannot tell noise from trend; the null is tabulated up to here."""

SIGNIFICANCE = 0.01
"""Largest p-value of a rise that is called one."""

MIN_EXCESS = 0.04
"""Smallest rise above the minimum that matters: real overfits end 6.5 % up or more, harmless rises stay below 3.5 %."""

MIN_TRAIN_DROP = 0.02
"""The training loss must have fallen by this share since the onset; otherwise both rise, and that is divergence."""

ONSET_SIGMAS_SQUARED = 4.0
"""Splits whose error is within this many sigma^2 of the best are possible onsets (covers the true onset in 79-96 %)."""

WINNERS_CURSE = 0.5
"""The minimum of a noisy stretch lies below its level by about this many standard errors."""

ONE_SIDED_95 = 1.645
"""Normal quantile of the lower confidence bound."""

FEATURE_SCALES = (0.02, 0.05, 0.01, 2.0, 0.02, 0.02, 0.05)
"""What counts as one unit of: lower bound, train drop, sigma, generalisation loss in per cent, rise
of the last three, rise of the last tenth, growth of the gap. Part of the same calibration."""

LATE_ROWS = 3
"""Points whose mean stands for the latest validation loss in the score."""

AVERAGE_WEIGHT = 0.3
STILL_FALLING = 0.97
"""The training loss, averaged with this weight for each new value, must have fallen by 3 % since."""

LOGISTIC_WEIGHTS = (-0.354, 0.346, 1.465, -0.157, -0.851, 0.144, 1.451, 0.720, 1.526)
LOGISTIC_BIAS = -6.533
"""Calibration of the score, fitted on simulated and small-network histories with known truth
(diagnosis research, 2026)."""


@dataclass(frozen=True)
class Rise:
    """The test of one validation loss of n rows; rows are indices into the series as it was given.

    ``excess`` is the relative rise of the end above the minimum (0.06: 6 %), ``lower`` its
    one-sided 95 % lower bound in log units, ``train_drop`` the relative fall of the training loss
    from the onset to the end (negative: it rose), ``sigma`` and ``correlation`` the noise of the
    log loss. ``onset`` is the window of rows in which the rise began.
    """

    significant: bool
    p_value: float
    excess: float
    lower: float
    train_drop: float
    sigma: float
    correlation: float
    minimum: int
    onset: tuple[int, int]
    score: float


def plausible(train: Floats, val: Floats) -> npt.NDArray[np.bool_]:
    """Rows that can be judged, shape (n,): both losses finite, the validation loss in LOSS_RANGE."""
    with np.errstate(invalid="ignore"):
        good: npt.NDArray[np.bool_] = (val >= LOSS_RANGE[0]) & (val <= LOSS_RANGE[1])
        return good & (np.abs(train) <= LOSS_RANGE[1])


def rise_of(train: Floats, val: Floats) -> Optional[Rise]:
    """Tests one pair of losses, shape (n,), all plausible. None for fewer than MIN_POINTS rows."""
    if len(val) < MIN_POINTS:
        return None
    block = math.ceil(len(val) / MAX_POINTS)
    log_val = _averaged(np.log(val), block)
    n = len(log_val)
    log_val = clip_spikes(log_val, MEDIAN_WINDOW, SPIKE_SIGMAS, math.ceil(WARM_UP_SHARE * n))
    fit = fit_unimodal(log_val)
    (sigma, rho) = _noise(log_val, fit)
    p = p_value(fit.gain / sigma**2, n, rho) if sigma > 0 else float(fit.gain <= 0)
    inflation = math.sqrt((1 + rho) / (1 - rho))
    (excess, lower) = _effect(log_val, fit, sigma, inflation)
    window = _onset_window(fit, sigma, inflation)
    log_train = _averaged(np.log(np.maximum(train, LOSS_RANGE[0])), block)
    drop = _train_drop(log_train, max(fit.split - 1, 0))
    relative = math.expm1(excess)
    return Rise(
        significant=p <= SIGNIFICANCE
        and relative >= MIN_EXCESS
        and lower > 0
        and drop >= MIN_TRAIN_DROP,
        p_value=p,
        excess=relative,
        lower=lower,
        train_drop=drop,
        sigma=sigma,
        correlation=rho,
        minimum=int(np.argmin(running_median(val, 3))),
        onset=(window[0] * block, min((window[1] + 1) * block, len(val)) - 1),
        score=_score(log_train, log_val, p, lower, drop, sigma),
    )


def _averaged(values: Floats, block: int) -> Floats:
    """Means of consecutive blocks; the last may be shorter."""
    if block == 1:
        return values
    starts = np.arange(0, len(values), block)
    return np.add.reduceat(values, starts) / np.diff([*starts, len(values)])


def _last_window(n: int) -> int:
    """Points whose median stands for the end of a series."""
    return int(min(max(n / 10, 3), 12))


def _noise(values: Floats, fit: Unimodal) -> tuple[float, float]:
    """(sigma, lag-one correlation) of the noise around and after the minimum."""
    n = len(values)
    start = max(min(fit.split - _last_window(n), n - MIN_POINTS), 0)
    residuals = (values - fit.fit)[start:]
    sigma = max(
        RESIDUAL_FACTOR * math.sqrt(float(np.mean(residuals**2))),
        second_difference_sigma(values[start:]),
    )
    rho = lag_one(values - running_median(values, MEDIAN_WINDOW))
    return (sigma, min(max(rho + (1 + 3 * rho) / n, 0.0), MAX_CORRELATION))


def _effect(values: Floats, fit: Unimodal, sigma: float, inflation: float) -> tuple[float, float]:
    """(rise of the end above the minimum, its lower bound), both in log units."""
    last = _last_window(len(values))
    lowest = float(fit.fit.min())
    near = int(np.count_nonzero(fit.fit <= lowest + sigma))
    standard_error = sigma * inflation / math.sqrt(near)
    rise = max(float(np.median(values[-last:])) - lowest - WINNERS_CURSE * standard_error, 0.0)
    return (rise, rise - ONE_SIDED_95 * sigma * inflation * math.sqrt(1 / last + 1 / near))


def _onset_window(fit: Unimodal, sigma: float, inflation: float) -> tuple[int, int]:
    """First and last row at which the fall may have ended and the rise begun."""
    tolerance = ONSET_SIGMAS_SQUARED * sigma**2 * inflation**2
    possible = np.flatnonzero(fit.errors - fit.errors[fit.split] <= tolerance)
    last_row = len(fit.fit) - 1
    return (
        min(max(int(possible[0]) - 1, 0), last_row),
        min(max(int(possible[-1]) - 1, 0), last_row),
    )


def _train_drop(log_train: Floats, onset: int) -> float:
    """Relative fall of the training loss from around ``onset`` to the end."""
    last = _last_window(len(log_train))
    start = min(onset, len(log_train) - last)
    before = float(np.median(log_train[max(start - 1, 0) : start + 2]))
    return 1.0 - math.exp(min(float(np.median(log_train[-last:])) - before, 50.0))


def _score(
    log_train: Floats, log_val: Floats, p: float, lower: float, drop: float, sigma: float
) -> float:
    """Calibrated 0..1 for ranking: logistic of nine features, most on a signed logarithmic scale."""
    n = len(log_val)
    lowest = int(np.argmin(log_val))
    last = max(1, n // 10)
    minimum = math.exp(float(log_val[lowest]))
    generalisation_loss = 100 * (math.exp(float(log_val[-1]) - float(log_val[lowest])) - 1)
    gap = log_val - log_train
    scaled = (
        lower,
        drop,
        sigma,
        generalisation_loss,
        _late_rise(log_train, log_val, lowest, minimum),
        float(log_val[-last:].mean()) - float(log_val[lowest]),
        float(gap[-last:].mean()) - float(gap[lowest]),
    )
    features = (
        math.log10(p),
        *(_signed_log(value / scale) for (value, scale) in zip(scaled, FEATURE_SCALES)),
        kendall_tau_with_time(log_val[lowest:]),
    )
    total = LOGISTIC_BIAS + sum(
        weight * value for (weight, value) in zip(LOGISTIC_WEIGHTS, features)
    )
    return 1.0 / (1.0 + math.exp(-min(max(total, -50.0), 50.0)))


def _late_rise(log_train: Floats, log_val: Floats, lowest: int, minimum: float) -> float:
    """Relative rise of the last three above the minimum, 0 where the minimum is among them or training stood still."""
    if lowest >= len(log_val) - LATE_ROWS:
        return 0.0
    averaged = exponential_average(np.exp(log_train), AVERAGE_WEIGHT)
    if averaged[-1] > STILL_FALLING * averaged[lowest]:
        return 0.0
    return (float(np.exp(log_val[-LATE_ROWS:]).mean()) - minimum) / minimum


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)
