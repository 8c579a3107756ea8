"""How high a metric will end if a training goes on to its planned end, and how sure that is.

The middle comes from curves that level off (learning_curve.py). How far such forecasts err was measured on real
trainings: errors are divided by ``scale``, what can be known of their size beforehand, and the quantiles of the
quotients are kept by the share of the plan that was done. ``tools/fit_forecast.py`` makes that table,
``benchmarks/forecast_coverage.py`` shows what it is worth on trainings of others.

It holds for the plan that a training follows. What more epochs than planned would bring is not known from its curve:
the learning rate has then come down to its end.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.learning_curve import continued, levels
from tensorboard_runlens.statistics.noise import second_difference_sigma

EPOCHS_MIN = 10
"""Validated epochs before anything is forecast."""

SHARE_MIN = 0.1
"""Share of the plan before anything is forecast: a tenth. Errors were not measured earlier."""

LEVEL_MIN = 0.01
"""A metric below one point has not begun to rise, and nothing can be said of its end."""

GAIN_MIN = 0.01
"""A gain worth training on for: one point."""

LIKELY = 0.7
"""A gain that came in seven of ten such trainings or more is called likely."""

UNLIKELY = 0.3
"""One that came in three of ten or fewer is called unlikely; between them it is open."""

QUANTILES = (0.1, 0.5, 0.9)
"""Of the errors: what lies between the outer two is the 80 % interval."""

FROM_GAIN = 0.5
"""The more is expected to come, the more is unsure: half of it."""

FROM_NOISE = 1.0
"""... as is one standard deviation of the epoch-to-epoch noise,"""

FROM_ROOM = 0.1
"""... and a tenth of what is missing to 1 at the beginning, less by the share of the plan that is done,"""

SCALE_MIN = 0.004
"""... and four tenths of a point in any case."""

TABLE_FILE = Path(__file__).with_name("forecast_table.json")


Gain = Literal["likely", "open", "unlikely"]


@dataclass(frozen=True)
class Heading:
    """A forecast before its errors: ``now`` and ``end`` are levels, ``scale`` is by how much such ends err after that
    ``share`` of the plan."""

    now: float
    end: float
    scale: float
    share: float


@dataclass(frozen=True)
class Errors:
    """How forecasts err. ``quantiles`` of error / scale has a row for each of the rising ``shares`` of the plan;
    ``chances`` are how often one point was gained at each of the rising ``margins``."""

    shares: Floats
    quantiles: Floats
    margins: Floats
    chances: Floats

    def ends(self, heading: Heading) -> Floats:
        """Lower end, middle and upper end of the interval, shape (3,)."""
        at = [np.interp(heading.share, self.shares, column) for column in self.quantiles.T]
        return heading.end + heading.scale * np.array(at)

    def margin(self, heading: Heading) -> float:
        """By how many scales more than one point is gained in the middle."""
        return (float(self.ends(heading)[1]) - heading.now - GAIN_MIN) / heading.scale

    def chance(self, heading: Heading) -> float:
        """How likely one point is gained, 0..1."""
        return float(np.interp(self.margin(heading), self.margins, self.chances))


@dataclass(frozen=True)
class Forecast:
    """The level of a metric at the planned end. ``now`` is the highest level so far, ``expected`` the middle and
    ``interval`` the 80 % interval of that at the end, all fractions 0..1; ``chance`` is that of gaining a point."""

    now: float
    expected: float
    interval: tuple[float, float]
    chance: float
    epochs_left: int

    @property
    def gain(self) -> Gain:
        """Whether one point will be gained: likely, open or unlikely."""
        if self.chance >= LIKELY:
            return "likely"
        return "unlikely" if self.chance <= UNLIKELY else "open"


@lru_cache(maxsize=1)
def measured_errors() -> Errors:
    """The table that is shipped."""
    table = json.loads(TABLE_FILE.read_text("utf-8"))
    return Errors(**{name: np.array(values) for (name, values) in table.items()})


def forecast(
    done: Floats, values: Floats, planned: int, errors: Optional[Errors] = None
) -> Optional[Forecast]:
    """The end of a training of ``planned`` epochs; None where it is too early or nothing is left.

    ``values`` are finite fractions 0..1 after ``done`` epochs, both of shape (n,).
    """
    heading = heading_of(done, values, planned)
    if heading is None:
        return None
    errors = errors or measured_errors()
    (low, middle, high) = np.clip(errors.ends(heading), heading.now, 1.0).tolist()
    return Forecast(
        now=heading.now,
        expected=middle,
        interval=(low, high),
        chance=errors.chance(heading),
        epochs_left=planned - int(done[-1]),
    )


def heading_of(done: Floats, values: Floats, planned: int) -> Optional[Heading]:
    """Where a training is heading, None where ``forecast`` has nothing to say."""
    if len(values) < EPOCHS_MIN or not SHARE_MIN <= done[-1] / planned < 1.0:
        return None
    now = float(levels(values)[-1])
    if now < LEVEL_MIN:
        return None
    share = float(done[-1]) / planned
    end = max(continued(done, values, planned), now)
    return Heading(now, end, scale(now, end, second_difference_sigma(values), share), share)


def scale(now: float, end: float, noise: float, share: float) -> float:
    """How much a forecast of ``end`` may err, a standard deviation up to a factor that the table holds."""
    room = (1.0 - now) * (1.0 - share)
    return math.hypot(FROM_GAIN * (end - now), FROM_NOISE * noise, FROM_ROOM * room, SCALE_MIN)
