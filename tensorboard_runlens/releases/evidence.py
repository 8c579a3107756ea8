"""Spans of releases, and what several pieces of evidence say together.

A piece of evidence is a source and the bounds it sets. Stronger ones come first: where a weaker one
contradicts them, it is left out, whole (a picture copied from another run, a clock that was wrong).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.run import Version

Release = tuple[int, ...]
Bound = tuple[Optional[str], Optional[str]]
"""(first, last) release that is possible, both included; None is open."""


@dataclass(frozen=True)
class Evidence:
    """What one source says of the release; without bounds it says nothing."""

    source: str
    bounds: tuple[Bound, ...]


def release(text: str) -> Release:
    """A release as numbers that compare: "8.3.198" -> (8, 3, 198)."""
    return tuple(int(part) for part in text.split("."))


def span(bounds: Sequence[Bound]) -> Optional[Bound]:
    """The intersection of bounds; None where they contradict each other."""
    lows = [low for (low, _) in bounds if low]
    highs = [high for (_, high) in bounds if high]
    low = max(lows, key=release) if lows else None
    high = min(highs, key=release) if highs else None
    if low and high and release(low) > release(high):
        return None
    return (low, high)


def agreed(evidence: Iterable[Evidence]) -> Optional[Version]:
    """The releases that fit all evidence, the strongest first; None where nothing tells."""
    known: list[Bound] = []
    sources: list[str] = []
    for one in evidence:
        if one.bounds and span([*known, *one.bounds]) is not None:
            known += one.bounds
            sources.append(one.source)
    (low, high) = span(known) or (None, None)
    return Version(low, high, _listed(sources)) if low or high else None


def _listed(sources: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join(part for part in (", ".join(sources[:-1]), sources[-1]) if part)


def of_version(version: Optional[Version]) -> Evidence:
    """A span found earlier, to be narrowed by further evidence."""
    bounds = () if version is None else ((version.min, version.max),)
    return Evidence("" if version is None else version.source, bounds)


def of_checkpoint(version: Optional[str]) -> Evidence:
    """The release that a checkpoint names: exact, and stronger than anything else."""
    return Evidence("checkpoint", () if version is None else ((version, version),))
