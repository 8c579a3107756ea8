"""Other tools' and papers' rules for "the validation loss overfits", written anew from their descriptions.

Each gives a score and a limit: above it, it says yes. Arrays have shape (n,), a value an epoch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.statistics.noise import robust_sigma, running_median

Floats = npt.NDArray[np.float64]
NO = -math.inf
STRIP = 5
"""Epochs of a training strip in Prechelt's rules."""


@dataclass(frozen=True)
class Rival:
    """A rule: yes where ``score(train, val)`` exceeds ``limit``."""

    name: str
    score: Callable[[Floats, Floats], float]
    limit: float


def _slopes(last: int) -> Callable[[Floats, Floats], float]:
    """Validation loss rises and training loss falls over the last epochs."""

    def score(train: Floats, val: Floats) -> float:
        (up, down) = (_slope(val[-last:]), _slope(train[-last:]))
        return up / float(np.abs(val).mean()) if down < 0 else NO

    return score


def _slope(values: Floats) -> float:
    rows = np.arange(len(values)) - (len(values) - 1) / 2
    return float(rows @ values) / float(rows @ rows) if len(values) > 1 else 0.0


def _three_rises(train: Floats, val: Floats) -> float:
    """losslint: at least three epochs in a row that rise, at the end."""
    falls = np.flatnonzero(np.diff(val) <= 0)
    return float(len(val) - 2 - (falls[-1] if len(falls) else -1))


def _generalisation_loss(train: Floats, val: Floats) -> float:
    """Prechelt's GL: per cent of the last loss above the lowest."""
    return 100 * (float(val[-1]) / float(val.min()) - 1)


def _generalisation_loss_ever(train: Floats, val: Floats) -> float:
    return 100 * float((val / np.minimum.accumulate(val) - 1).max())


def _quotient(train: Floats, val: Floats) -> float:
    """Prechelt's PQ: GL over the progress of the last strip of training."""
    strip = train[-STRIP:]
    progress = 1000 * (float(strip.mean()) / float(strip.min()) - 1)
    return _generalisation_loss(train, val) / progress if progress > 0 else math.inf


def _successive_strips(train: Floats, val: Floats) -> float:
    """Prechelt's UP: strips in a row at whose ends the validation loss has risen."""
    ends = val[::-STRIP]
    falls = np.flatnonzero(ends[:-1] <= ends[1:])
    return float(falls[0] if len(falls) else len(ends) - 1)


def _no_correlation(of: Callable[[Floats], Floats]) -> Callable[[Floats, Floats], float]:
    """Training and validation loss do not fall together."""

    def score(train: Floats, val: Floats) -> float:
        (one, other) = (of(train), of(val))
        spread = float(one.std() * other.std())
        together = float(((one - one.mean()) * (other - other.mean())).mean())
        return -together / spread if spread > 0 else NO

    return score


def _ranks(values: Floats) -> Floats:
    return np.argsort(np.argsort(values)).astype(np.float64)


def _gap(train: Floats, val: Floats) -> float:
    """SageMaker Debugger's overfit: the validation loss lies above the training loss."""
    return float(val[-1] - train[-1]) / float(train[-1])


def _slope_after_minimum(train: Floats, val: Floats) -> float:
    """trainspotter: a rise of 1 % after the minimum whose slope is significant at .1."""
    after = val[int(np.argmin(val)) :]
    if len(after) < 4 or after[-1] < 1.01 * after[0]:
        return NO
    slope = _slope(after)
    rows = np.arange(len(after)) - (len(after) - 1) / 2
    rest = after - after.mean() - slope * rows
    error = math.sqrt(float(rest @ rest) / (len(after) - 2) / float(rows @ rows))
    return slope / error if error > 0 else math.inf


def _outside_the_noise(train: Floats, val: Floats) -> float:
    """ftdoctor: the last loss lies 3 % and more than its noise above the best."""
    noise = robust_sigma(val - running_median(val, 5))
    rise = float(val[-1] - val.min())
    return rise / float(val.min()) if rise > 2 * noise else NO


def _last_three(train: Floats, val: Floats) -> float:
    """runmedic: the mean of the last three lies above the minimum while the averaged training loss fell by 3 %."""
    averaged = _averaged(train, 0.3)
    lowest = int(np.argmin(val))
    if lowest >= len(val) - 3 or averaged[-1] > 0.97 * averaged[lowest]:
        return NO
    return float(val[-3:].mean()) / float(val.min()) - 1


def _averaged(values: Floats, weight: float) -> Floats:
    """Exponential moving average; ``weight`` is that of each new value."""
    averaged = np.array(values, np.float64)
    for row in range(1, len(averaged)):
        averaged[row] = weight * averaged[row] + (1 - weight) * averaged[row - 1]
    return averaged


RIVALS = (
    Rival("slopes of the last 10", _slopes(10), 0.0),
    Rival("slopes of the last 5", _slopes(5), 0.0),
    Rival("losslint", _three_rises, 2.5),
    Rival("GL > 5 at the end", _generalisation_loss, 5.0),
    Rival("GL > 5 ever", _generalisation_loss_ever, 5.0),
    Rival("PQ > .75", _quotient, 0.75),
    Rival("UP3", _successive_strips, 2.5),
    Rival("Spearman < .2", _no_correlation(_ranks), -0.2),
    Rival("Pearson < 0", _no_correlation(np.asarray), 0.0),
    Rival("SageMaker overfit", _gap, 0.1),
    Rival("trainspotter", _slope_after_minimum, 1.28),
    Rival("ftdoctor", _outside_the_noise, 0.03),
    Rival("runmedic", _last_three, 0.05),
)
