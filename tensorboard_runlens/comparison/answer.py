"""Differences as the JSON structs."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens import schema
from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.plain_values import number, range_of, without_absolute_paths
from tensorboard_runlens.schema import compare


def compare_answer(
    names: Sequence[str], differences: Sequence[Difference]
) -> compare.CompareAnswer:
    """Of the runs by these names, of which the first is the baseline."""
    found = [_difference(one) for one in differences]
    return compare.CompareAnswer(True, schema.SCHEMA_VERSION, names[0], list(names), found)


def _difference(one: Difference) -> compare.Difference:
    return compare.Difference(
        run=one.run,
        group=one.group,
        metric=one.metric,
        delta=number(one.delta),
        interval=range_of(one.interval),
        verdict=one.verdict,  # type: ignore[arg-type]
        caveats=[without_absolute_paths(caveat) for caveat in one.caveats],
        reason=without_absolute_paths(one.reason),
    )
