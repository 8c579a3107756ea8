"""A run that is compared, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.curve import Curve, metric_curve
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.dataset.keys import ImageKey
from tensorboard_runlens.run import MAIN_METRICS, Problem, main_metric
from tensorboard_runlens.thresholds.point import Range

Metric = tuple[str, str]
"""Group and name, e.g. ("box", "map50_95")."""

BEST = "best"
END = "end"
EQUAL_EPOCH = "equal_epoch"
"""What of two trainings is compared: their best.pt, where they arrived, where they were after as many epochs."""


@dataclass(frozen=True, eq=False)
class Contender:
    """A run by the name it is called in the answer, with its validations, the images that its recording names by
    split, and what could not be read of them."""

    name: str
    analysis: Analysis
    validations: Sequence[Validation] = ()
    splits: Mapping[str, Sequence[ImageKey]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    @cached_property
    def main(self) -> Optional[Metric]:
        """The metric that it is judged by, None where nothing of the kind was measured."""
        return main_metric(self.analysis.run.history.metrics)

    @cached_property
    def curves(self) -> dict[Metric, Curve]:
        """The curves of what runs are compared by, F1 included."""
        wanted = (
            (group, name)
            for group in self.analysis.run.history.metrics
            for name in dict.fromkeys((*MAIN_METRICS.get(group, ()), "f1"))
        )
        found = {metric: metric_curve(self.analysis, *metric) for metric in wanted}
        return {metric: curve for (metric, curve) in found.items() if curve is not None}


@dataclass(frozen=True)
class Difference:
    """The run's metric minus the baseline's: ``delta`` as a fraction, ``interval`` 95 %, None where unknown.

    ``verdict`` is that on the run: better, worse, tie or not_comparable; ``reason`` says why. ``at`` is what of the
    trainings was compared, ``after`` how many epochs that is where it is as many in both. ``detectable`` is the
    difference that would be found in four cases of five, ``sampling`` how far other validation images would move
    each of the two values, mostly both alike (95 %).
    """

    run: str
    group: Optional[str]
    metric: str
    delta: Optional[float]
    interval: Optional[Range]
    verdict: str
    caveats: tuple[str, ...]
    reason: str
    at: str = BEST
    after: Optional[int] = None
    detectable: Optional[float] = None
    sampling: Optional[float] = None
