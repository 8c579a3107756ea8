"""Does a validation loss fall and then rise, by more than chance, while the training loss goes on
falling?

A deterministic test: least squares of "only falls" against "falls, then rises" on the logarithm of
the loss, with a simulated null for autocorrelated noise, a floor for the effect, a calibrated
probability, and a window for the onset. Everything that a curve may do while it only falls
(learning-rate drops, plateaus, any speed) is inside the null.
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
from tensorboard_runlens.statistics.null import SMALLEST_P, p_value
from tensorboard_runlens.statistics.rise_probability import Traits, log_odds
from tensorboard_runlens.statistics.trend import kendall_tau_with_time, theil_slope
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

MIN_EXCESS = 0.035
"""Smallest rise above the minimum that matters: of published histories harmless ones rise less, overfits 6.5 % or more.
Anything from .03 to .04 gives the same F1 on histories with known truth, to .005."""

MIN_TRAIN_DROP = 0.02
"""The training loss must have fallen by this share since the onset; otherwise both rise, and that is divergence."""

NEAR = 1.25
"""A verdict that would be another, were every limit a quarter higher or lower, is near a limit."""

ONSET_SIGMAS_SQUARED = 4.0
"""Splits whose error is within this many sigma^2 of the best are possible onsets. The window covers the true onset of
86 % of parametric histories and of 69 % of small networks; its middle is off by 3 % of the epochs (median)."""

ONE_SIDED_95 = 1.645
"""Normal quantile of the lower confidence bound."""

LAST_SHARE = 0.1
LAST_MIN = 3
LAST_MAX = 12
"""The end of a series is its last tenth, of three to twelve points. The minimum is the lowest mean of half as many
points of the fit: the lowest point owes its place to its noise."""

SLOPE_MIN = 7
"""The slope at the end is that of as many points or more: Theil's of seven bears one wild last epoch."""

MEDIAN_VARIANCE = math.pi / 2
SLOPE_VARIANCE = 12 / 0.95
"""Variances for noise of variance 1: of a median, times its points; of Theil's slope, times n (n^2 - 1)."""


@dataclass(frozen=True)
class Demand:
    """What a rise must show to be called an overfit: at least this probability and excess, at most this p-value."""

    probability: float
    p_value: float
    excess: float

    def met_by(self, rise: Rise, ease: float) -> bool:
        """Whether a rise shows it; ``ease`` above 1 makes every limit easier by that factor, below 1 harder."""
        (traits, size) = (rise.traits, rise.traits.rise * ease)
        needed = math.log(self.probability / (1 - self.probability))
        return (
            rise.log_odds + math.log(ease) >= needed
            and traits.p_value <= self.p_value * ease
            and size >= math.log1p(self.excess)
            and size > rise.margin
            and traits.train_drop * ease >= MIN_TRAIN_DROP
        )


LIKELY = Demand(probability=0.5, p_value=0.05, excess=MIN_EXCESS)
"""More likely an overfit than not, and not by chance."""

CLEAR = Demand(probability=0.2, p_value=0.001, excess=0.05)
"""A rise as clear as this is one although the training loss has hardly fallen since, which the calibration takes for a
sign against it: the small networks it was made on fit their training data within few epochs, large ones do not. 5 % is
what the labelled histories call an overfit."""


@dataclass(frozen=True)
class Rise:
    """The test of one validation loss of n rows; rows are indices into the series as it was given.

    ``log_odds`` says how much likelier an overfit is than none, ``margin`` by how much the rise may be smaller
    (one-sided 95 %), in log units. ``minimum`` is the row of the lowest loss, ``onset`` the window of rows in which the
    rise began.
    """

    traits: Traits
    log_odds: float
    margin: float
    minimum: int
    onset: tuple[int, int]

    @property
    def excess(self) -> float:
        """Relative rise of the end above the minimum (0.06: 6 %)."""
        return math.expm1(self.traits.rise)

    @property
    def score(self) -> float:
        """Probability that the loss overfits, as calibrated."""
        return 1.0 / (1.0 + math.exp(-self.log_odds))

    @property
    def significant(self) -> bool:
        """Whether the loss overfits: LIKELY or CLEAR, surely above the minimum, while the training loss fell."""
        return self._called(1.0)

    @property
    def near_limit(self) -> bool:
        """Whether the verdict would be another with limits a little higher or lower."""
        return self._called(NEAR) != self._called(1 / NEAR)

    def _called(self, ease: float) -> bool:
        return any(demand.met_by(self, ease) for demand in (LIKELY, CLEAR))


def plausible(train: Floats, val: Floats) -> npt.NDArray[np.bool_]:
    """Rows that can be judged, shape (n,): both losses finite, the validation loss in LOSS_RANGE."""
    with np.errstate(invalid="ignore"):
        good: npt.NDArray[np.bool_] = (val >= LOSS_RANGE[0]) & (val <= LOSS_RANGE[1])
        return good & (np.abs(train) <= LOSS_RANGE[1])


def rise_of(train: Floats, val: Floats) -> Optional[Rise]:
    """Tests one pair of losses, shape (n,), all plausible. None for fewer than MIN_POINTS rows.

    A curve whose end lies hardly above its lowest point cannot rise enough, whatever the fit: it is not fitted.
    """
    if len(val) < MIN_POINTS:
        return None
    pair = _Pair.of(train, val)
    small = pair.highest_rise * NEAR < math.log1p(MIN_EXCESS)
    return _hardly_any(pair) if small else _fitted(pair, val)


def fitted_rise(train: Floats, val: Floats) -> Optional[Rise]:
    """The test with its fit for every curve, as it is calibrated."""
    return _fitted(_Pair.of(train, val), val) if len(val) >= MIN_POINTS else None


@dataclass(frozen=True)
class _Pair:
    """Logarithms of the losses as they are tested: ``block`` rows a point, spikes of the validation loss taken out."""

    log_train: Floats
    log_val: Floats
    block: int

    @classmethod
    def of(cls, train: Floats, val: Floats) -> _Pair:
        block = math.ceil(len(val) / MAX_POINTS)
        log_train = _averaged(np.log(np.maximum(train, LOSS_RANGE[0])), block)
        log_val = _averaged(np.log(val), block)
        warm_up = math.ceil(WARM_UP_SHARE * len(log_val))
        log_val = clip_spikes(log_val, MEDIAN_WINDOW, SPIKE_SIGMAS, warm_up)
        return cls(log_train, log_val, block)

    @property
    def highest_rise(self) -> float:
        """No fit rises by more: none lies below the lowest point."""
        return _end(self.log_val) - float(self.log_val.min())


def _hardly_any(pair: _Pair) -> Rise:
    """The test of a curve that ends near its lowest point: chance alone explains that."""
    minimum = int(np.argmin(pair.log_val))
    rise = max(_end(pair.log_val) - _lowest(pair.log_val), 0.0)
    traits = _traits(pair, minimum, 1.0, rise)
    row = minimum * pair.block
    return Rise(traits, log_odds(traits), math.inf, row, (row, row))


def _fitted(pair: _Pair, val: Floats) -> Rise:
    fit = fit_unimodal(pair.log_val)
    (sigma, rho) = _noise(pair.log_val, fit)
    inflation = math.sqrt((1 + rho) / (1 - rho))
    (rise, margin) = _effect(pair.log_val, fit, sigma * inflation, sigma)
    (first, last) = _onset_window(fit, sigma, inflation)
    n = len(pair.log_val)
    p = p_value(fit.gain / sigma**2, n, rho) if sigma > 0 else float(fit.gain <= 0)
    traits = _traits(pair, max(fit.split - 1, 0), max(p, SMALLEST_P), rise)
    minimum = int(np.argmin(running_median(val, 3)))
    onset = (first * pair.block, min((last + 1) * pair.block, len(val)) - 1)
    return Rise(traits, log_odds(traits), margin, minimum, onset)


def _traits(pair: _Pair, onset: int, p: float, rise: float) -> Traits:
    after = pair.log_val[int(np.argmin(pair.log_val)) :]
    drop = _train_drop(pair.log_train, onset)
    return Traits(p, rise, drop, kendall_tau_with_time(after), len(pair.log_val))


def _averaged(values: Floats, block: int) -> Floats:
    """Means of consecutive blocks; the last may be shorter."""
    if block == 1:
        return values
    starts = np.arange(0, len(values), block)
    return np.add.reduceat(values, starts) / np.diff([*starts, len(values)])


def _last_window(n: int) -> int:
    """Points that stand for the end of a series."""
    return int(min(max(n * LAST_SHARE, LAST_MIN), LAST_MAX))


def _end(values: Floats) -> float:
    """The level at the last point: the median of the last window, carried on from its middle at the slope there.

    A loss that rises ends above that median; one wild last epoch moves neither median nor slope.
    """
    last = _last_window(len(values))
    slope = theil_slope(values[-max(last, SLOPE_MIN) :])
    return float(np.median(values[-last:])) + slope * (last - 1) / 2


def _end_variance(n: int) -> float:
    """Variance of ``_end`` for noise of variance 1."""
    last = _last_window(n)
    width = max(last, SLOPE_MIN)
    of_slope = SLOPE_VARIANCE / (width * (width**2 - 1))
    return MEDIAN_VARIANCE / last + of_slope * ((last - 1) / 2) ** 2


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


def _effect(values: Floats, fit: Unimodal, error: float, sigma: float) -> tuple[float, float]:
    """(rise of the end above the minimum, by how much it may be smaller), both in log units; ``error`` is the standard
    error of a mean times the root of its points."""
    near = int(np.count_nonzero(fit.fit <= fit.fit.min() + sigma))
    points = max(near, _lowest_window(len(values)))
    margin = ONE_SIDED_95 * error * math.sqrt(_end_variance(len(values)) + 1 / points)
    return (max(_end(values) - _lowest(fit.fit), 0.0), margin)


def _lowest(values: Floats) -> float:
    """The level at the minimum: the lowest mean of neighbouring points."""
    window = _lowest_window(len(values))
    return float(np.convolve(values, np.full(window, 1 / window), "valid").min())


def _lowest_window(n: int) -> int:
    """Points whose mean stands for the minimum."""
    return max(_last_window(n) // 2, LAST_MIN)


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
    """Relative fall of the training loss from around ``onset`` to the end; negative where it rose."""
    last = _last_window(len(log_train))
    start = min(onset, len(log_train) - last)
    before = float(np.median(log_train[max(start - 1, 0) : start + 2]))
    return 1.0 - math.exp(min(float(np.median(log_train[-last:])) - before, 50.0))
