"""Which of several runs is better, by how much, and whether that can be said at all.

Where two validated the same images and every detection is known, images are drawn again (by_images.py). Otherwise
the levels of their curves are compared with what epochs and seeds explain (by_tables.py), or with numbers that the
user wrote down (by_numbers.py). docs/compare.md describes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison import by_images, by_numbers, by_tables
from tensorboard_runlens.comparison.by_numbers import Numbers
from tensorboard_runlens.comparison.by_tables import Between
from tensorboard_runlens.comparison.caveats import caveats
from tensorboard_runlens.comparison.contender import Contender, Difference, Metric
from tensorboard_runlens.comparison.ranking import Pairs
from tensorboard_runlens.comparison.same_data import sameness
from tensorboard_runlens.comparison.seeds import Seeds, seeds_of
from tensorboard_runlens.comparison.validated import pair, validations
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_splits import recorded_splits

MAX_RUNS = 20
"""Runs that are compared at once: 190 pairs, and as many columns as anybody reads."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """``contenders`` in the order in which they were named, what differs in each pair of them, and the
    ``differences`` of all others from the ``baseline``."""

    baseline: str
    contenders: Sequence[Contender]
    pairs: Pairs
    differences: Sequence[Difference]


def compare(analyses: Mapping[str, Analysis]) -> Comparison:
    """Runs by name against the first one. Raises ValueError for fewer than two and more than MAX_RUNS."""
    if not 2 <= len(analyses) <= MAX_RUNS:
        raise ValueError(f"two runs at least and {MAX_RUNS} at most are compared")
    (contenders, pairs, _) = _met(analyses)
    first = contenders[0].name
    differences = [one for other in contenders[1:] for one in pairs[(first, other.name)]]
    return Comparison(first, contenders, pairs, differences)


def compare_with(analyses: Mapping[str, Analysis], numbers: Numbers) -> Comparison:
    """Runs by name against numbers. Raises ValueError without a run, for more than MAX_RUNS, and for a run that is
    called like the numbers."""
    if not 1 <= len(analyses) <= MAX_RUNS:
        raise ValueError(f"a run at least and {MAX_RUNS} at most are compared")
    if numbers.name in analyses:
        raise ValueError(f"a run and a baseline are both called {numbers.name[:100]}")
    (contenders, pairs, seeds) = _met(analyses)
    differences = [
        found for one in contenders for found in by_numbers.differences(numbers, one, seeds)
    ]
    return Comparison(numbers.name, contenders, pairs, differences)


def contender(name: str, analysis: Analysis) -> Contender:
    """A run with what is compared of it. Never raises for what lies in its folder."""
    try:
        folder = Folder(analysis.run.path)
    except OSError:
        return Contender(name, analysis)  # gone since it was read
    (validated, damage) = validations(analysis.run, folder)
    (splits, problems) = recorded_splits(folder)
    return Contender(name, analysis, validated, splits, (*damage, *problems))


def _met(
    analyses: Mapping[str, Analysis],
) -> tuple[list[Contender], Pairs, Mapping[Metric, Seeds]]:
    """(the runs, what differs between any two of them, what is known of seeds)."""
    contenders = [contender(*one) for one in analyses.items()]
    seeds = seeds_of(contenders)
    pairs = {
        (first.name, second.name): _differences(first, second, seeds)
        for (first, second) in combinations(contenders, 2)
    }
    return (contenders, pairs, seeds)


def _differences(
    baseline: Contender, other: Contender, seeds: Mapping[Metric, Seeds]
) -> list[Difference]:
    """Of best.pt by images if that can be done, otherwise by tables; then of the trainings."""
    data = sameness(baseline, other)
    found = pair(baseline.validations, other.validations)
    damage = (f"{one.file}: {one.problem}" for run in (other, baseline) for one in run.problems)
    doubts = (*caveats(baseline, other, data, found), *damage)
    by_image = list(by_images.differences(other.name, *found, doubts)) if found else []
    between = Between(baseline, other, data.apart, doubts, seeds)
    if data.apart:  # of the trainings there is nothing to say
        return by_image or list(by_tables.at_best(between))
    by_table = () if by_image else (*by_tables.at_best(between), *by_tables.at_end(between))
    return [*by_image, *by_table, *by_tables.at_equal_epoch(between)]
