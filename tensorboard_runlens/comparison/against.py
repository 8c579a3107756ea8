"""Every run of a logdir against one of them, by the main metric of their tables.

No file is opened, so that thousands are told at once; whoever compares a few of them (comparison/__init__.py) learns
more, from their detections where these are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Callable, Optional

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.by_tables import Between, at_best
from tensorboard_runlens.comparison.contender import Contender, Difference, Metric
from tensorboard_runlens.comparison.same_data import sameness_by_tables
from tensorboard_runlens.comparison.seeds import Seeds, seeds_of
from tensorboard_runlens.comparison.standing import standing
from tensorboard_runlens.plain_values import number, range_of, without_absolute_paths

Told = Callable[[Analysis], schema.Against]


def against_answer(baseline: str, analyses: Sequence[Analysis], tell: Told) -> schema.AgainstAnswer:
    """All runs but the baseline itself; ``tell`` is what ``teller`` gives, or has kept what that told."""
    return schema.AgainstAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        baseline=baseline,
        runs=[tell(one) for one in analyses if one.run.name != baseline],
    )


def teller(baseline: Analysis) -> Told:
    """What tells of a run how it stands to this one."""
    first = Contender(baseline.run.name, baseline)
    return lambda analysis: _told(
        against(first, Contender(analysis.run.name, analysis)), standing(baseline, analysis)
    )


def against(baseline: Contender, other: Contender) -> Difference:
    """The main metric of two trainings. Those of other data are not comparable, and neither are those of which it is
    not known while their data are called otherwise: the table does not rank them either."""
    same = sameness_by_tables(baseline, other)
    doubts = (same.doubt,) if same.doubt else ()
    return next(at_best(Between(baseline, other, same.apart, doubts, _seeds(baseline, other))))


def _seeds(baseline: Contender, other: Contender) -> Mapping[Metric, Seeds]:
    """What the two tell together: something where one repeats the other."""
    if other.name in baseline.analysis.surroundings.relations.repeats:
        return seeds_of([baseline, other])
    return dict.fromkeys(other.curves, Seeds())


def _told(difference: Difference, standing: Optional[schema.Standing]) -> schema.Against:
    reason = "; ".join((difference.reason, *difference.caveats))
    return schema.Against(
        run=difference.run,
        delta=number(difference.delta),
        interval=range_of(difference.interval),
        verdict=difference.verdict,  # type: ignore[arg-type]
        reason=without_absolute_paths(reason),
        standing=standing,
    )
