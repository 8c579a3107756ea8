"""The phases of a training: where its main metric rose fast, where slowly, and from where on it was level or fell.

The metric is fitted by the best curve that only rises (monotone least squares), up to the end of its best stretch.
Phases end where this curve has made 80 and 95 % of its way from the first epoch to that stretch: shares of a monotone
fit move little with noise, where the slope of a single epoch would be all noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.late_trend import late_trend
from tensorboard_runlens.statistics.learning_curve import STRETCH
from tensorboard_runlens.statistics.noise import inner_medians, second_difference_sigma
from tensorboard_runlens.statistics.unimodal import falling_fit

Name = Literal["rapid", "slow", "rising", "stable", "declining"]

EPOCHS_MIN = 15
"""Three stretches of five epochs: fewer have no three phases that could be told apart."""

STRETCH_SHARE = 10
"""The best stretch is a tenth of the epochs, as where a fall from the best is judged: a lucky epoch is none."""

RAPID_SHARE = 0.8
"""Four fifths of the improvement: a curve that levels off exponentially has then half of the epochs to 95 % behind it,
and rises a fifth as fast as at first."""

SETTLED_SHARE = 0.95
"""What is still to come then is mostly polish: the share by which runs are compared, too (epochs to 95 %)."""

RISE_MIN = 0.01
"""A metric that rose by less than one point (.01) was level all the time ..."""

RISE_SIGMAS = 3.0
"""... and so was one that rose by less than three standard deviations of its noise from epoch to epoch."""

STEEPER = 2.0
"""A phase is rapid when the metric rose at least twice as fast in it as in the next one; else both are one."""

STABLE_SHARE = 10
"""A level end of less than a tenth of the epochs, or of five, is not told from the rise before it, and none is level
while its last quarter brings another point."""


@dataclass(frozen=True)
class Phase:
    """``first`` and ``last`` are indices into the values, both included; ``gain`` is what the fit rose in it, for a
    declining one what the metric fell (negative), a fraction 0..1."""

    name: Name
    first: int
    last: int
    gain: float


def phases(values: Floats, declined: bool) -> list[Phase]:
    """The phases of a metric, in order and without gaps; empty where too little is there.

    ``values`` (n,) are finite fractions 0..1, ``declined`` says that the metric is known to have fallen from its best.
    """
    if len(values) < EPOCHS_MIN:
        return []
    (top, end) = _best_stretch(values)
    if top < RISE_MIN:
        return []
    if not declined or end == len(values):
        return _until_level(values, top, end)
    fall = float(np.median(values[-STRETCH:])) - top
    return [
        *_until_level(values[:end], top, end),
        Phase("declining", end, len(values) - 1, fall),
    ]


def _best_stretch(values: Floats) -> tuple[float, int]:
    """(the median of the best stretch, the index after it)."""
    window = max(len(values) // STRETCH_SHARE, STRETCH)
    medians = inner_medians(values, window)
    best = int(np.argmax(medians))
    return (float(medians[best]), best + window)


def _until_level(values: Floats, top: float, end: int) -> list[Phase]:
    """The phases of a metric that reaches ``top`` before index ``end`` and does not fall from it."""
    last = len(values) - 1
    fit = -falling_fit((-values[:end]).tolist())
    (start, rise) = (float(fit[0]), top - float(fit[0]))
    if rise < max(RISE_MIN, RISE_SIGMAS * second_difference_sigma(values)):
        return [Phase("stable", 0, last, 0.0)]
    (fast, settled) = (
        min(int(np.searchsorted(fit, start + share * rise)), end - 1)
        for share in (RAPID_SHARE, SETTLED_SHARE)
    )
    level = last - settled >= max(len(values) / STABLE_SHARE, STRETCH) and not _still_rises(values)
    risen = _rises(rise, fast, settled if level else last, SETTLED_SHARE if level else 1.0)
    if not level:
        return risen
    return [*risen, Phase("stable", settled + 1, last, (1 - SETTLED_SHARE) * rise)]


def _still_rises(values: Floats) -> bool:
    """Whether the last quarter brought another point, surely."""
    late = late_trend(values)
    return late.gain >= RISE_MIN and late.interval[0] > 0


def _rises(rise: float, fast: int, last: int, share: float) -> list[Phase]:
    """A rapid phase up to ``fast`` and a slow one up to ``last``, or one of both; ``share`` of the rise is theirs."""
    (rapid, slow) = (RAPID_SHARE * rise, (share - RAPID_SHARE) * rise)
    if fast == last:
        return [Phase("rapid", 0, last, share * rise)]
    if rapid * (last - fast) < STEEPER * slow * (fast + 1):
        return [Phase("rising", 0, last, share * rise)]
    return [Phase("rapid", 0, fast, rapid), Phase("slow", fast + 1, last, slow)]
