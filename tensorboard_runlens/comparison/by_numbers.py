"""A run against numbers that a user wrote down: those of a paper, of a customer, of a model long gone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.comparison.contender import Contender, Difference, Metric
from tensorboard_runlens.comparison.curve import metric_curve
from tensorboard_runlens.comparison.evidence import Z_DETECTABLE, verdict_of
from tensorboard_runlens.comparison.sampling import half_width
from tensorboard_runlens.comparison.seeds import Seeds
from tensorboard_runlens.run import main_group
from tensorboard_runlens.statistics.level import Level
from tensorboard_runlens.statistics.proportion import Z_95
from tensorboard_runlens.words import metric_words, points


@dataclass(frozen=True)
class Numbers:
    """Metrics by name, fractions, of the group that a run is judged by; ``name`` is what the user calls them."""

    name: str
    metrics: Mapping[str, float]


UNKNOWN = "a number from runlens.yaml: on what it was measured is not known"

NOT_MEASURED = "this run did not measure it"


def differences(
    numbers: Numbers, contender: Contender, seeds: Mapping[Metric, Seeds]
) -> Iterator[Difference]:
    """Of each number."""
    group = main_group(contender.analysis.run.history.metrics)
    for metric, value in numbers.metrics.items():
        curve = metric_curve(contender.analysis, group, metric) if group else None
        if group is None or curve is None:
            yield Difference(
                contender.name, group, metric, None, None, "not_comparable", (), NOT_MEASURED
            )
            continue
        level = curve.around_best
        known = seeds.get((group, metric), Seeds())
        yield _difference(
            contender.name, (group, metric), level, value, known, half_width(contender, level.mean)
        )


def _difference(
    name: str,
    metric: Metric,
    level: Level,
    value: float,
    seeds: Seeds,
    sampling: Optional[float],
) -> Difference:
    """The run's own luck decides, and as much luck of seeds on the other side."""
    (delta, seed) = (level.mean - value, seeds.deviation(level))
    error = math.hypot(level.error, seed, seed)
    explained = Z_95 * error
    side = "above" if delta >= 0 else "below"
    return Difference(
        run=name,
        group=metric[0],
        metric=metric[1],
        delta=delta,
        interval=None,
        verdict=verdict_of((delta - explained, delta + explained)),
        caveats=(UNKNOWN,),
        reason=f"{metric_words(*metric)} is {points(abs(delta))} {side} {value:.3g};"
        f" the run's own epochs and seeds explain up to {points(explained)}",
        detectable=Z_DETECTABLE * error,
        sampling=sampling,
    )
