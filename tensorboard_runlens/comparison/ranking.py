"""Runs in order, with ties: a run stands behind another only where the two can be told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.comparison.contender import BEST, Contender, Difference
from tensorboard_runlens.comparison.evidence import Z_DETECTABLE

LEVEL = 0.05
"""Of all pairs together, an error in one of twenty cases (Holm 1979): of 45 equal pairs two would differ otherwise."""

Pairs = Mapping[tuple[str, str], Sequence[Difference]]
"""Differences by (name of the baseline, name of the other)."""


@dataclass(frozen=True)
class Ranked:
    """A run's place, 1 for those that none is better than; None where it cannot be compared with all others. ``ahead``
    and ``behind`` are the runs that it is told apart from."""

    run: str
    rank: Optional[int]
    ahead_of: tuple[str, ...]
    behind: tuple[str, ...]


def ranking(
    contenders: Sequence[Contender], pairs: Pairs, metric: Optional[str] = None
) -> list[Ranked]:
    """By the metric that runs are judged by, or by one of this name; the first places first, otherwise as they were
    named."""
    names = [one.name for one in contenders]
    between = {pair: deciding(found, metric) for (pair, found) in pairs.items()}
    usable = _comparable(names, between)
    beaten = _told_apart({pair: one for (pair, one) in between.items() if set(pair) <= usable})
    ranked = [
        Ranked(
            run=name,
            rank=1 + sum(loser == name for (_, loser) in beaten) if name in usable else None,
            ahead_of=tuple(loser for (winner, loser) in beaten if winner == name),
            behind=tuple(winner for (winner, loser) in beaten if loser == name),
        )
        for name in names
    ]
    return sorted(ranked, key=lambda one: math.inf if one.rank is None else one.rank)


def deciding(found: Sequence[Difference], metric: Optional[str] = None) -> Optional[Difference]:
    """The difference of best.pt that decides between two runs; None where there is none."""
    return next((one for one in found if one.at == BEST and metric in (None, one.metric)), None)


def _comparable(
    names: Sequence[str], between: Mapping[tuple[str, str], Optional[Difference]]
) -> set[str]:
    """The runs that can be compared with the first one and with each other."""
    usable: list[str] = []
    for name in names:
        met = (between.get((before, name)) for before in usable)
        if all(one is not None and one.verdict != "not_comparable" for one in met):
            usable.append(name)
    return set(usable) if len(usable) > 1 else set()


def _told_apart(
    between: Mapping[tuple[str, str], Optional[Difference]],
) -> list[tuple[str, str]]:
    """(better, worse) of the pairs whose difference stands among all of them."""
    chances = sorted(
        (_chance(one), pair, one.delta or 0.0) for (pair, one) in between.items() if one
    )
    found = []
    for tried, (chance, (first, second), delta) in enumerate(chances):
        if chance > LEVEL / (len(chances) - tried):
            break
        found.append((second, first) if delta > 0 else (first, second))
    return found


def _chance(one: Difference) -> float:
    """How likely two equal runs differ as much: 1 where the pair alone is a tie, LEVEL at most where it is none."""
    if one.verdict == "tie" or one.delta is None or one.detectable is None:
        return 1.0
    error = one.detectable / Z_DETECTABLE
    return min(math.erfc(abs(one.delta) / error / math.sqrt(2)), LEVEL) if error else 0.0
