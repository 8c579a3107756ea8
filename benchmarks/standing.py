"""What the outlook of a training against a baseline is worth on real trainings.

    python -m benchmarks.standing ../shared/corpus

Every two trainings of a repository that RunLens compares, as far as is known on the same data and by the same metric,
are held against each other: one is cut after each tenth of its plan, the other one is the baseline as it ended. It was
beaten if the whole training came to a higher level. The table of forecast errors is fitted anew without the repository;
copies and resumed trainings, which share their first epochs, are left out. Pairs of a repository count for ten at most.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Callable, Optional

import numpy as np

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.same_data import sameness_by_tables
from tensorboard_runlens.signals.progress import ENDED
from tensorboard_runlens.statistics.forecast import EPOCHS_MIN, Errors, Heading
from tensorboard_runlens.statistics.learning_curve import STRETCH
from tensorboard_runlens.statistics.standing import (
    LIKELY,
    UNLIKELY,
    Course,
    chance,
    if_alike,
    if_forecast,
    outlook,
)
from tools.fit_forecast import NOW, SHARES, cuts, fit

PAIRS_COUNTED = 10
"""Pairs of a repository that count in full; of more each counts less."""

PAIRS_HELD = 200
"""Pairs of a repository that are looked at: one has 3,422."""

Pair = tuple[str, str, Course, Course]
"""Repository, name of the training, the training, the baseline."""


@dataclass(frozen=True, eq=False)
class Held:
    """A training cut after a ``share`` of its plan, its baseline, and whether it came to ``beat`` that."""

    repository: str
    course: Course
    baseline: Course
    share: float
    beat: bool
    weight: float
    errors: Errors

    @property
    def chance(self) -> Optional[float]:
        """As it is said."""
        return chance(self.course, self.baseline, self.errors)


def pairs(corpus: Path) -> list[Pair]:
    """What is held against each other."""
    catalog = Catalog([("", str(corpus))])
    catalog.refresh()
    by_repository: dict[str, list[Analysis]] = {}
    for name, run in sorted(catalog.runs.items()):
        analysis = analyse(run, now=NOW)
        if len(analysis.signals.progress.values) >= STRETCH:
            by_repository.setdefault(name.partition("/")[0], []).append(analysis)
    found: list[Pair] = []
    for repository, analyses in by_repository.items():
        of_it = list(_pairs(repository, analyses))
        drawn = np.random.default_rng(0).permutation(len(of_it))[:PAIRS_HELD]
        found += [of_it[index] for index in sorted(drawn)]
    return found


def _pairs(repository: str, analyses: Sequence[Analysis]) -> Iterator[Pair]:
    courses = {one.run.name: _course(one) for one in analyses}
    for baseline, other in permutations(analyses, 2):
        if other.state not in ENDED or len(other.signals.progress.values) < EPOCHS_MIN:
            continue
        if baseline.signals.metric_name != other.signals.metric_name:
            continue
        (first, second) = (Contender(one.run.name, one) for one in (baseline, other))
        (before, course) = (courses[first.name], courses[second.name])
        if not sameness_by_tables(first, second).apart and not _begin_alike(before, course):
            yield (repository, second.name, course, before)


def _course(analysis: Analysis) -> Course:
    """A whole training; of no known plan what it did was the plan."""
    progress = analysis.signals.progress
    return Course(progress.done, progress.values, progress.planned or int(progress.done[-1]))


def _begin_alike(first: Course, second: Course) -> bool:
    return bool(np.allclose(first.values[:STRETCH], second.values[:STRETCH], atol=1e-9))


def held(corpus: Path) -> list[Held]:
    """Every pair at each tenth of the plan."""
    found = pairs(corpus)
    tables = tables_without({repository for (repository, *_) in found}, corpus)
    so_far: dict[tuple[str, float], Course] = {}
    rows = []
    for repository, name, course, baseline in found:
        of_it = sum(pair[0] == repository for pair in found)
        weight = min(1.0, PAIRS_COUNTED / of_it)
        for share in SHARES.tolist():
            key = (name, share)
            if key not in so_far:
                so_far[key] = _cut(course, share)
            if 0 < len(so_far[key].values) < len(course.values):
                beat = course.level > baseline.level
                rows.append(
                    Held(repository, so_far[key], baseline, share, beat, weight, tables[repository])
                )
    return rows


def tables_without(repositories: set[str], corpus: Path) -> Mapping[str, Errors]:
    """For each repository the errors of forecasts in all others."""
    measured = [(cut, cut.heading) for cut in cuts(corpus)]
    return {
        repository: fit([one for one in measured if one[0].repository != repository])
        for repository in repositories
    }


def _cut(course: Course, share: float) -> Course:
    done = course.done <= round(share * (course.planned or 0))
    return Course(course.done[done], course.values[done], course.planned)


def forecast_alone(row: Held, heading: Heading) -> float:
    """What the table of forecast errors says."""
    return if_forecast(heading, row.baseline.level, row.errors)


def alike_alone(row: Held, heading: Heading) -> float:
    """What the baseline's own gain from that share of its plan on says."""
    gain = row.baseline.gain_after(heading.share)
    assert gain is not None
    return if_alike(row.course, heading, gain, row.baseline.level)


def lead_alone(row: Held, heading: Heading) -> float:
    """Nothing but whether it is ahead at the same epoch."""
    level = row.baseline.level_after(float(row.course.done[-1]))
    return float(heading.now > (level or 0.0))


WAYS: dict[str, Callable[[Held, Heading], float]] = {
    "RunLens": lambda row, _: row.chance or 0.0,
    "forecast alone": forecast_alone,
    "baseline's gain alone": alike_alone,
    "who leads": lead_alone,
}


def not_passed(row: Held) -> bool:
    """Whether it is still to be told; what stands above the baseline's level stays there."""
    return row.course.level <= row.baseline.level


def report_words(rows: Sequence[Held], title: str) -> None:
    """How often each word is said, and how often the baseline was beaten then: weighted, and of all pairs."""
    weights = np.array([row.weight for row in rows])
    beat = np.array([row.beat for row in rows])
    chances = [row.chance for row in rows]
    words = np.array(["nothing" if one is None else outlook(one) for one in chances])
    repositories = {row.repository for row in rows}
    print(f"\n{title}: {len(rows)} cuts of pairs, {len(repositories)} repositories")
    for word in ("likely", "open", "unlikely", "nothing"):
        of_word = words == word
        if of_word.any():
            said = weights[of_word].sum() / weights.sum()
            rate = np.average(beat[of_word], weights=weights[of_word])
            of_all = beat[of_word].mean()
            print(f"  {word:9} said {said:.2f}: {rate:.3f} beat it ({of_all:.3f} unweighted)")


def report_ways(rows: Sequence[Held]) -> None:
    """Mean squared error of each way's chances, where all of them say one and the baseline is not passed yet."""
    told = [(row, row.course.heading) for row in rows if not_passed(row) and row.chance is not None]
    both = [(row, heading) for (row, heading) in told if heading is not None]
    both = [one for one in both if one[0].baseline.gain_after(one[1].share) is not None]
    weights = np.array([row.weight for (row, _) in both])
    beat = np.array([row.beat for (row, _) in both])
    for name, way in WAYS.items():
        chances = np.array([way(row, heading) for (row, heading) in both])
        error = np.average((chances - beat) ** 2, weights=weights)
        sure = (chances >= LIKELY) | (chances <= UNLIKELY)
        right = np.average((chances > 0.5)[sure] == beat[sure], weights=weights[sure])
        said = weights[sure].sum() / weights.sum()
        print(f"  {name:22} Brier {error:.4f}; sure of {said:.2f}, right in {right:.3f}")


def main() -> None:
    rows = held(Path(sys.argv[1]))
    for share in SHARES.tolist():
        of_share = [row for row in rows if row.share == share]
        report_words(of_share, f"{100 * share:.0f} % of the plan")
        report_ways(of_share)
    report_words(rows, "all")
    report_ways(rows)
    same = [row for row in rows if row.course.planned == row.baseline.planned]
    report_words(same, "the same plan")
    report_words([row for row in rows if row not in same], "another plan")
    report_words([row for row in rows if not_passed(row)], "the baseline not yet passed")


if __name__ == "__main__":
    main()
