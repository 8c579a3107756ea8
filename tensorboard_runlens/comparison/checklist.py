"""The comparison checklist of the training guide (document 001), filled in for the compared runs.

Every item says who is ahead only where that is more than chance, or that it is not known, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.comparison.contender import Contender, Metric
from tensorboard_runlens.comparison.facts import CONVERGED, Facts
from tensorboard_runlens.comparison.losses import explained_of_losses, why_losses_apart
from tensorboard_runlens.comparison.objects import errors_of
from tensorboard_runlens.comparison.ranking import Pairs, deciding, ranking
from tensorboard_runlens.statistics.level import Level
from tensorboard_runlens.words import count, metric_words, percent, points

STEADIER = 3.0
"""A curve is smoother where any other shakes so many times as much: of 111 pairs that differ by the seed at most, two
had a larger ratio."""

EARLIER = 1 / 3
"""A run converges faster where it arrives earlier by more than this share of the shorter one's epochs: trainings of
one recipe lay up to 31 % apart."""

BALANCED = 0.2
"""Precision and recall further apart than this are out of balance (diagnosis.md 5)."""

LOW = 0.3
"""... and so are those of which one is below this (guide 001)."""


MAX_SAID = 300
"""Cap of the reasons why losses cannot be compared: four short ones."""

UNKNOWN = "not known of every run"
APART = "not all of them can be compared"
OTHERWISE = "they are judged by different metrics"
ALIKE = "cannot be told apart"


@dataclass(frozen=True)
class Item:
    """``values`` are in words, one for each run, None where unknown; ``ahead`` is the run that is better in this, None
    where that is not known, and ``why`` says so."""

    item: str
    values: tuple[Optional[str], ...]
    ahead: Optional[str]
    why: str


def checklist(contenders: Sequence[Contender], facts: Sequence[Facts], pairs: Pairs) -> list[Item]:
    """The seven items, in the guide's order; none of a single run."""
    if len(contenders) < 2:
        return []
    return [
        _metric(contenders, pairs),
        _validation_loss(contenders, facts, pairs),
        _smoothness(contenders, facts),
        _balance(contenders),
        _pictures(contenders),
        _convergence(contenders, facts, pairs),
        _f1(contenders, facts, pairs),
    ]


def _metric(contenders: Sequence[Contender], pairs: Pairs) -> Item:
    """By what the runs have in common: boxes where one of them has no masks."""
    compared = (deciding(found) for found in pairs.values())
    metric = next(((one.group, one.metric) for one in compared if one and one.group), None)
    words = metric_words(*metric) if metric else "metric"
    values = [None if metric is None else _level(one, metric) for one in contenders]
    return _ranked(f"higher {words}", values, contenders, pairs)


def _f1(contenders: Sequence[Contender], facts: Sequence[Facts], pairs: Pairs) -> Item:
    values = [
        None if one.f1_best is None else "{:.3f} at {axis} {}".format(*one.f1_best, axis=axis)
        for (one, axis) in zip(facts, _axes(contenders))
    ]
    return _ranked("higher F1 score", values, contenders, pairs, "f1")


def _level(contender: Contender, metric: Metric) -> Optional[str]:
    curve = contender.curves.get(metric)
    return None if curve is None else f"{curve.around_best.mean:.3f}"


def _ranked(
    item: str,
    values: Sequence[Optional[str]],
    contenders: Sequence[Contender],
    pairs: Pairs,
    metric: Optional[str] = None,
) -> Item:
    """An item that the ranking decides: who alone is first."""
    if not any(values):
        return Item(item, tuple(values), None, UNKNOWN)
    places = ranking(contenders, pairs, metric)
    if any(one.rank is None for one in places):
        return Item(item, tuple(values), None, APART)
    first = [one.run for one in places if one.rank == 1]
    if len(first) > 1:
        return Item(item, tuple(values), None, f"{count(len(first), 'run')} cannot be told apart")
    beaten = len(places[0].ahead_of)
    told = "the other" if len(places) == 2 else f"{beaten} of {len(places) - 1} others"
    return Item(item, tuple(values), first[0], f"more than chance, against {told}")


def _validation_loss(contenders: Sequence[Contender], facts: Sequence[Facts], pairs: Pairs) -> Item:
    values = tuple(_loss(one.val_loss) for one in facts)
    item = "lower validation losses"
    if any(one.rank is None for one in ranking(contenders, pairs)):
        return Item(item, values, None, APART)
    apart = why_losses_apart([one.analysis for one in contenders])
    if apart:
        said = f"not comparable: {', '.join(apart)}"
        return Item(item, values, None, said[:MAX_SAID])
    known = [(one.run, one.val_loss) for one in facts if one.val_loss]
    if len(known) < len(contenders):
        return Item(item, values, None, UNKNOWN)
    ((run, lowest), (_, following), *_) = sorted(known, key=lambda one: one[1].mean)
    explained = explained_of_losses(lowest, following)
    if following.mean - lowest.mean > explained:
        return Item(
            item, values, run, f"more than the {explained:.2g} that epochs and seeds explain"
        )
    return Item(item, values, None, ALIKE)


def _loss(level: Optional[Level]) -> Optional[str]:
    if level is None:
        return None
    shaking = f" (\N{PLUS-MINUS SIGN}{level.sigma:.2g} from epoch to epoch)" if level.seen else ""
    return f"{level.mean:.4g}{shaking}"


def _smoothness(contenders: Sequence[Contender], facts: Sequence[Facts]) -> Item:
    item = "smooth learning curves"
    known = sorted((one.shaking, one.run) for one in facts if one.shaking is not None)
    values = tuple(
        None if one.shaking is None else f"{points(one.shaking)} from epoch to epoch"
        for one in facts
    )
    if len(known) < len(contenders):
        return Item(item, values, None, UNKNOWN)
    if len({one.main for one in contenders}) > 1:
        return Item(item, values, None, OTHERWISE)
    if known[0][0] * STEADIER < known[1][0]:
        return Item(
            item, values, known[0][1], f"any other shakes more than {STEADIER:g} times as much"
        )
    return Item(item, values, None, ALIKE)


def _balance(contenders: Sequence[Contender]) -> Item:
    found = [_precision_and_recall(one) for one in contenders]
    values = tuple(None if one is None else "{:.2f} and {:.2f}".format(*one) for one in found)
    item = "balanced precision and recall"
    if any(one is None for one in found):
        return Item(item, values, None, UNKNOWN)
    balanced = [one.name for (one, pair) in zip(contenders, found) if pair and _is_balanced(*pair)]
    if len(balanced) == 1:
        return Item(item, values, balanced[0], "the only one that is balanced")
    said = (
        "all are" if len(balanced) == len(contenders) else f"{len(balanced) or 'none'} of them are"
    )
    return Item(item, values, None, f"{said} balanced")


def _is_balanced(precision: float, recall: float) -> bool:
    return abs(precision - recall) <= BALANCED and min(precision, recall) >= LOW


def _precision_and_recall(contender: Contender) -> Optional[tuple[float, float]]:
    named = contender.analysis.signals.best_metrics.get(
        contender.main[0] if contender.main else "", {}
    )
    (precision, recall) = (named.get("precision"), named.get("recall"))
    return None if precision is None or recall is None else (precision, recall)


def _pictures(contenders: Sequence[Contender]) -> Item:
    """Numbers do not tell whether masks are tight; what is missed and invented they do."""
    errors = [errors_of(one) for one in contenders]
    values = tuple(
        f"{one.missed} missed, {one.false} false in {count(one.images, 'image')}" if one else None
        for one in errors
    )
    return Item("better visual predictions", values, None, "look at the same images of each run")


def _convergence(contenders: Sequence[Contender], facts: Sequence[Facts], pairs: Pairs) -> Item:
    """Arriving early counts only where it is not at a lower level."""
    item = f"faster convergence (to {percent(CONVERGED)} of its best)"
    values = tuple(
        None if one.converged is None else count(one.converged, axis)
        for (one, axis) in zip(facts, _axes(contenders))
    )
    known = sorted((one.converged, one.run) for one in facts if one.converged is not None)
    if len(known) < len(contenders):
        return Item(item, values, None, UNKNOWN)
    places = ranking(contenders, pairs)
    if any(one.rank is None for one in places):
        return Item(item, values, None, APART)
    ((earliest, run), (following, _), *_) = known
    shortest = min(len(one.analysis.run.history) for one in contenders)
    if following - earliest <= EARLIER * shortest:
        return Item(item, values, None, ALIKE)
    if any(one.run == run and one.rank != 1 for one in places):
        return Item(item, values, None, f"{run} arrives first, at a lower level")
    ahead = count(following - earliest, next(_axes(contenders)))
    return Item(item, values, run, f"{ahead} before any other")


def _axes(contenders: Sequence[Contender]) -> Iterator[str]:
    """What each counts: epochs, or iterations of a self-training."""
    return (one.analysis.run.axis for one in contenders)
