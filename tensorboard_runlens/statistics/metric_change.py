"""Has a metric fallen from its best, and what did it do since the validation loss turned up?

The best is the best stretch and not the best epoch, since the best of many noisy epochs is a lucky one; the end is a
stretch, too, since one dip is no decline. A fall counts when it is larger than a point and than the noise since then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.noise import likeness, second_difference_sigma
from tensorboard_runlens.statistics.unimodal import falling_fit

MIN_KNOWN = 10
"""Fewer epochs with a metric say nothing of a trend."""

STRETCH_SHARE = 0.1
"""The best stretch and the end are a tenth of the epochs each: medians over it take autocorrelated noise out, too."""

STRETCH_MIN = 5
"""... the best stretch at least five epochs: the best of shorter ones is a lucky one,"""

STRETCH_MAX = 25
"""... and at most 25, which bounds the cost; wider ones gave the same answers on real trainings."""

STRETCHES_MAX = 300
"""Stretches that are compared: of longer trainings as many, evenly spread."""

END_MIN = 3
"""The end is three epochs at least: one dip is none."""

END_MAX = 10
"""... and ten at most: for as many Ultralytics trains without mosaic, where a metric often takes a step."""

CHANGE_MIN = 0.01
"""A metric that changed by less than one point (0.01) stayed the same."""

CHANGE_SIGMAS = 2.0
"""... and so did one that changed by less than two standard deviations of its epoch-to-epoch noise. On 195 real
trainings labelled by eye 1.25 to 2.5 give the same F1 but for one training."""

STEPS_ALONE = 5
"""Where a metric moves in steps, as the accuracy of a few images does, fewer than five steps are no change: that five
images all change for the worse is rare by chance (1 in 32)."""

STEPS_WITH_LOSS = 2
"""... and fewer than two where the validation loss turned up as well, which makes a fall likely beforehand. Of 879 real
trainings with a known truth the verdict "worse" is right with F1 .68 by both, .52 without."""

HALF_STEP = 0.5
"""The limit lies between two steps, so that no rounding decides."""

REPEATED_SHARE = 0.5
"""A metric moves in steps when at least half of its values were there before ..."""

LEVELS_MIN = 3
"""... and it has had three values at least: of two it cannot be told whether it moves in steps or fell once."""

NOISE_ROWS = 10
"""The noise is that since the best stretch, of ten epochs at least: of fewer no noise can be told."""

BORDER_SHARE = 0.25
"""A change within a quarter of the limit could as well have fallen on its other side."""

SURE_ERRORS = 3.5
"""A fall is sure from so many standard errors on: its best was picked from many. Of simulated trainings as noisy as
real ones, one in seven of which declines, 5 % of the sure falls of two points are none; by the limit alone 17 % are."""

MEDIAN_VARIANCE = math.pi / 2
"""Variance of the median of normal values, in that of their mean."""

FITTED = 1.15
"""What a falling curve leaves of noise is smaller than it by so much (diagnosis.md 4)."""


@dataclass(frozen=True)
class MetricChange:
    """What a metric (fraction 0..1) did.

    ``quality`` is worse (it fell from its best), better (it rose since the onset), same, or unknown; ``drop`` the fall
    from the best stretch to the end, ``noise`` the standard deviation from epoch to epoch since then and ``limit`` the
    smallest change that counts, all NaN where unknown; ``peak`` the row in the middle of the best stretch.
    ``borderline`` says that a little to the side of the limit the quality would be another; ``error`` is the standard
    error of the fall, which allows for neighbouring epochs erring alike.
    """

    quality: str
    drop: float
    noise: float
    limit: float
    peak: Optional[int]
    borderline: bool
    error: float

    @property
    def sure(self) -> bool:
        """Whether the fall is more than the best of many levels lies above the last by chance."""
        return self.drop > SURE_ERRORS * self.error


UNKNOWN = MetricChange("unknown", math.nan, math.nan, math.nan, None, False, math.nan)


def metric_change(metric: Floats, onset: Optional[int]) -> MetricChange:
    """Judges a metric of shape (n,), no fraction where it was not measured: its fall from the best stretch, and its
    gain since the row ``onset`` at which the validation loss turned up, or since the middle where it did not."""
    known = np.flatnonzero((metric >= 0) & (metric <= 1))
    values = metric[known]
    if len(known) < MIN_KNOWN or not np.any(values):
        return UNKNOWN
    (first, best) = _best_stretch(values)
    now = _end(values)
    drop = best - now
    since = values[min(first, len(values) - NOISE_ROWS) :]
    noise = second_difference_sigma(since)
    steps = STEPS_ALONE if onset is None else STEPS_WITH_LOSS
    limit = max(CHANGE_MIN, CHANGE_SIGMAS * noise, (steps - HALF_STEP) * step_of(values))
    peak = int(known[first + _width(len(values)) // 2])
    error = _error(since, noise) * math.sqrt(1 / _width(len(values)) + 1 / _last(len(values)))
    fallen = MetricChange("worse", drop, noise, limit, peak, _near(drop, limit), error)
    if drop > limit:
        return fallen
    begin = len(values) // 2 if onset is None else int(np.searchsorted(known, onset))
    gained = now - _level_at(values, begin)
    return replace(
        fallen,
        quality="better" if gained > limit else "same",
        borderline=fallen.borderline or (onset is not None and _near(gained, limit)),
    )


def _width(n: int) -> int:
    """Epochs of a stretch, an odd number."""
    return int(min(max(n * STRETCH_SHARE, STRETCH_MIN), STRETCH_MAX)) | 1


def _last(n: int) -> int:
    """Epochs of the end."""
    return int(min(max(n * STRETCH_SHARE, END_MIN), END_MAX))


def _best_stretch(values: Floats) -> tuple[int, float]:
    """Its first row and its median."""
    apart = math.ceil(len(values) / STRETCHES_MAX)
    windows = np.lib.stride_tricks.sliding_window_view(values, _width(len(values)))[::apart]
    medians = np.median(windows, axis=1)
    first = int(np.argmax(medians))
    return (first * apart, float(medians[first]))


def _end(values: Floats) -> float:
    """The level at the end; a dip that has recovered by the last epochs is none."""
    last = float(np.median(values[-_last(len(values)) :]))
    return max(last, float(np.median(values[-END_MIN:])))


def _error(since: Floats, noise: float) -> float:
    """Standard error of a median, times the root of its epochs. A fall, slow or sudden, is no noise."""
    rest = since - falling_fit(since.tolist())
    sigma = max(FITTED * math.sqrt(float(np.mean(rest**2))), noise)
    alike = likeness(rest, 1)
    return sigma * math.sqrt(MEDIAN_VARIANCE * (1 + alike) / (1 - alike))


def _level_at(values: Floats, row: int) -> float:
    half = _width(len(values)) // 2
    row = min(row, len(values) - 1)
    return float(np.median(values[max(row - half, 0) : row + half + 1]))


def step_of(values: Floats) -> float:
    """The step in which a metric (n,), finite values, moves; 0 for one that moves freely."""
    levels = np.unique(values)
    if not LEVELS_MIN <= len(levels) <= (1 - REPEATED_SHARE) * len(values):
        return 0.0
    return float(np.diff(levels).min())


def _near(change: float, limit: float) -> bool:
    return abs(change - limit) < BORDER_SHARE * limit
