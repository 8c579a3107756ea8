"""A run that is compared, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.run import Problem
from tensorboard_runlens.thresholds.point import Range


@dataclass(frozen=True, eq=False)
class Contender:
    """A run by the name it is called in the answer, with its validations and what could not be read of them."""

    name: str
    analysis: Analysis
    validations: Sequence[Validation]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Difference:
    """The run's metric minus the baseline's: ``delta`` as a fraction, ``interval`` 95 %, None where unknown.

    ``verdict`` is that on the run: better, worse, tie or not_comparable; ``reason`` says why.
    """

    run: str
    group: Optional[str]
    metric: str
    delta: Optional[float]
    interval: Optional[Range]
    verdict: str
    caveats: tuple[str, ...]
    reason: str
