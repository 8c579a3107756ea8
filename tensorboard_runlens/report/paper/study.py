"""The runs of a paper: one group of the same data, those that differ by their seed only taken together, against a
baseline."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.ranking import main_value
from tensorboard_runlens.comparison import MAX_RUNS, Comparison, compare
from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.comparison.ranking import deciding
from tensorboard_runlens.data_groups import data_groups
from tensorboard_runlens.details import Details
from tensorboard_runlens.relations.copies import repeats_of
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.run import main_metric

MIXED = "mixed"
"""The verdict on a training whose seeds do not all have the same one."""

Range = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Variant:
    """A training, once or with several seeds: the ``names`` of its runs, their ``values`` of the main metric, and what
    each of them differs by from the baseline."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    differences: tuple[Difference, ...]

    @property
    def title(self) -> str:
        """The name of its first run stands for all."""
        return self.names[0]

    @property
    def mean(self) -> Optional[float]:
        """Over its seeds."""
        return statistics.fmean(self.values) if self.values else None

    @property
    def deviation(self) -> Optional[float]:
        """The standard deviation over its seeds (n - 1), None for one."""
        return statistics.stdev(self.values) if len(self.values) > 1 else None

    @property
    def delta(self) -> Optional[float]:
        """The mean of its differences from the baseline."""
        known = [one.delta for one in self.differences if one.delta is not None]
        return statistics.fmean(known) if known else None

    @property
    def interval(self) -> Optional[Range]:
        """What holds the 95 % intervals of all its seeds."""
        known = [one.interval for one in self.differences if one.interval is not None]
        if not known or len(known) < len(self.differences):
            return None
        return (min(low for (low, _) in known), max(high for (_, high) in known))

    @property
    def verdict(self) -> Optional[str]:
        """That of all its seeds; None for the baseline."""
        said = {one.verdict for one in self.differences}
        return MIXED if len(said) > 1 else next(iter(said), None)


@dataclass(frozen=True, eq=False)
class PaperStudy:
    """``looked`` are the runs by name, the baseline first; ``comparison`` is None of one run. ``left_out`` counts runs
    of the same data that are too many, ``others`` those that are of other data or metrics, copies, or
    without results."""

    looked: Mapping[str, tuple[Analysis, Details]]
    variants: Sequence[Variant]
    comparison: Optional[Comparison]
    left_out: int
    others: int

    @property
    def baseline(self) -> str:
        return next(iter(self.looked))

    @property
    def best(self) -> Analysis:
        """The run with the highest value."""
        return max((one[0] for one in self.looked.values()), key=_value)


def study(subject: Subject, names: Sequence[str]) -> Optional[PaperStudy]:
    """Of the runs that are named, else of the largest group of the same data; None where nothing was measured."""
    known = {one.run.name: one for one in subject.analyses if main_metric(one.run.history.metrics)}
    named = [name for name in (names or _largest(list(known.values()))) if name in known]
    if not named:
        return None
    first = _baseline(subject, names, named, known)
    group = _of_one_metric(first, named, known)
    chosen = [first, *sorted((set(group) - {first}), key=lambda name: -_value(known[name]))]
    chosen = chosen[:MAX_RUNS]
    looked = {name: subject.closer(known[name]) for name in chosen}
    comparison = (
        compare({name: one[0] for (name, one) in looked.items()}) if len(looked) > 1 else None
    )
    return PaperStudy(
        looked,
        _variants(looked, comparison),
        comparison,
        len(group) - len(chosen),
        len(subject.analyses) - len(group),
    )


def _of_one_metric(
    first: str, names: Sequence[str], known: Mapping[str, Analysis]
) -> Sequence[str]:
    """The runs that are judged by the metric of the baseline, each training once: a copy is no second seed."""
    metric = main_metric(known[first].run.history.metrics)
    kept: list[str] = []
    for name in (first, *(name for name in names if name != first)):
        copies = known[name].surroundings.relations.duplicates
        same = main_metric(known[name].run.history.metrics) == metric
        if same and not set(copies) & set(kept):
            kept.append(name)
    return kept


def _largest(analyses: Sequence[Analysis]) -> Sequence[str]:
    """The runs of the data that most were trained on; the groups come with the newest first."""
    return max((group.runs for group in data_groups(analyses)), key=len, default=())


def _baseline(
    subject: Subject, names: Sequence[str], group: Sequence[str], known: Mapping[str, Analysis]
) -> str:
    """The run that runlens.yaml sets, else the first one named, else the one that was written first."""
    if subject.baseline is not None and subject.baseline in group:
        return subject.baseline
    if names:
        return group[0]
    return min(group, key=lambda name: known[name].run.files.newest or 0.0)


def _variants(
    looked: Mapping[str, tuple[Analysis, Details]], comparison: Optional[Comparison]
) -> list[Variant]:
    """The baseline's first, then the best."""
    repeats = repeats_of({name: one[0].run for (name, one) in looked.items()})
    placed: set[str] = set()
    found = []
    for name in looked:
        if name not in placed:
            names = (name, *(other for other in repeats.get(name, ()) if other not in placed))
            placed.update(names)
            found.append(_variant(names, looked, comparison))
    return found


def _variant(
    names: tuple[str, ...],
    looked: Mapping[str, tuple[Analysis, Details]],
    comparison: Optional[Comparison],
) -> Variant:
    first = next(iter(looked))
    values = tuple(value for name in names if (value := main_value(looked[name][0])) is not None)
    if comparison is None or first in names:
        return Variant(names, values, ())
    found = [deciding(comparison.pairs[(first, name)]) for name in names]
    return Variant(names, values, tuple(one for one in found if one is not None))


def _value(analysis: Analysis) -> float:
    value = main_value(analysis)
    return -1.0 if value is None else value
