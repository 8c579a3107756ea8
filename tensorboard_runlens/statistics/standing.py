"""Where a training stands against another one that has ended, and how likely it is to end above that.

Two ways of knowing are weighed against each other. The training's own curve has a forecast (forecast.py), whose errors
were measured. And the other one tells what is still to be gained on these data: it gained so much itself from the same
share of its own plan on. Early in a plan, when a curve tells least of its end, both together err less than either;
late, the forecast needs no help. Both are doubted where they may err by more than trainings on the same data differ.
``benchmarks/standing.py`` shows what comes of it on real trainings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.forecast import (
    Errors,
    Heading,
    heading_of,
    measured_errors,
    scale,
)
from tensorboard_runlens.statistics.learning_curve import STRETCH, levels
from tensorboard_runlens.statistics.noise import second_difference_sigma

ALIKE_WEIGHT = 0.5
"""What the other's gain counts when nothing of the plan is done: as much as the forecast, and less with every epoch.
Real trainings held against each other are told best so."""

KIN = 0.2
"""Trainings on the same data end near each other: half of the pairs of the corpus differ by less than a sixth of what
is missing to 1. Known beforehand as a standard deviation of a fifth, it keeps early forecasts from promising more."""

LIKELY = 0.75
"""From three of four on it is called likely: of real trainings called so before they were better, .92 came to be."""

UNLIKELY = 0.2
"""Up to one of five it is called unlikely: of those .06 came to be better. Between the two it is open."""

Z_80 = 1.281552
"""Standard normal quantile of a two-sided 80 % interval."""

Outlook = Literal["likely", "open", "unlikely"]


@dataclass(frozen=True, eq=False)
class Course:
    """A training as far as it has come: ``values`` of its metric, finite fractions 0..1, after ``done`` epochs, both of
    shape (n,), n >= 1; ``planned`` epochs are None where that is not known."""

    done: Floats
    values: Floats
    planned: Optional[int]

    @cached_property
    def level(self) -> float:
        """The highest level so far."""
        return _level(self.values)

    @cached_property
    def heading(self) -> Optional[Heading]:
        """Where it is heading, None where it is too early for a forecast or no plan is known."""
        return heading_of(self.done, self.values, self.planned) if self.planned else None

    def level_after(self, epochs: float) -> Optional[float]:
        """The highest level up to then, None where nothing was measured yet."""
        values = self.values[self.done <= epochs]
        return _level(values) if len(values) else None

    def gain_after(self, share: float) -> Optional[float]:
        """By how much the level rose after this share of the plan, or else of the epochs that were done; None where
        nothing was measured by then."""
        level = self.level_after(round(share * (self.planned or float(self.done[-1]))))
        return None if level is None else self.level - level


def lead(course: Course, other: Course) -> Optional[float]:
    """The level minus that of the other after as many epochs, a fraction; of an other that has ended before, its last
    one. None where nothing was measured of it by then."""
    level = other.level_after(float(course.done[-1]))
    return None if level is None else course.level - level


def chance(course: Course, other: Course, errors: Optional[Errors] = None) -> Optional[float]:
    """How likely the plan ends above the other's highest level, 0..1; None where it is too early to tell.

    1 where that level is passed: none ever falls.
    """
    if min(len(course.values), len(other.values)) < STRETCH:
        return None
    if course.level > other.level:
        return 1.0
    heading = course.heading
    gain = other.gain_after(heading.share) if heading else None
    if heading is None or gain is None:
        return None
    weight = ALIKE_WEIGHT * (1.0 - heading.share)
    forecast = if_forecast(heading, other.level, errors or measured_errors())
    return weight * if_alike(course, heading, gain, other.level) + (1.0 - weight) * forecast


def if_forecast(heading: Heading, level: float, errors: Errors) -> float:
    """How likely a level is passed by what is forecast; errors above the middle have another spread than below it."""
    (low, middle, high) = errors.ends(heading).tolist()
    side = middle - low if level < middle else high - middle
    return _passed(middle - level, side / Z_80, heading)


def if_alike(course: Course, heading: Heading, gain: float, level: float) -> float:
    """How likely a level is passed if the other's gain is still to come. That errs as forecasts of such a gain do."""
    end = heading.now + gain
    error = scale(heading.now, end, second_difference_sigma(course.values), heading.share)
    return _passed(end - level, error, heading)


def _passed(margin: float, error: float, heading: Heading) -> float:
    """How likely a margin with this standard error is above 0, when it is known beforehand to be about 0: see KIN."""
    kin = KIN * (1.0 - heading.now)
    return normal_below(margin * kin / (error * math.hypot(error, kin)))


def normal_below(deviations: float) -> float:
    """Share of a normal distribution that lies below so many standard deviations above its middle."""
    return 0.5 * math.erfc(-deviations / math.sqrt(2.0))


def outlook(chance: float) -> Outlook:
    """A chance in one word."""
    if chance >= LIKELY:
        return "likely"
    return "unlikely" if chance <= UNLIKELY else "open"


def _level(values: Floats) -> float:
    """Of the first few epochs what there is of a stretch."""
    return float(levels(values)[-1] if len(values) >= STRETCH else np.median(values))
