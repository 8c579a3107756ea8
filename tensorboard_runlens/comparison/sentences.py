"""Who is better, said once: a sentence for each run, what to know beside it, and what runs of other seeds have in
common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from tensorboard_runlens.comparison import Comparison
from tensorboard_runlens.comparison.contender import Contender, Difference, Metric
from tensorboard_runlens.comparison.seeds import repeated

SAID = {
    "better": "is better than",
    "worse": "is worse than",
    "tie": "cannot be told apart from",
    "not_comparable": "cannot be compared with",
}


@dataclass(frozen=True)
class Said:
    """What a comparison says of a run against the baseline; ``notes`` hold of this run and not of all."""

    run: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Repeats:
    """Runs that differ by their seed only, with mean and standard deviation (n - 1) of their levels of a metric."""

    runs: tuple[str, ...]
    metric: Metric
    mean: float
    deviation: float


def said(comparison: Comparison) -> tuple[list[Said], list[str]]:
    """(what is said of each run, what is to be known of all of them). Against numbers every metric has its sentence;
    against a run the main one's is enough."""
    by_run: dict[str, list[Difference]] = {}
    for one in comparison.differences:
        by_run.setdefault(one.run, []).append(one)
    notes = {run: _notes(own) for (run, own) in by_run.items()}
    shared = [
        note
        for note in _once(chain(*notes.values()))
        if len(notes) > 1 and all(note in own for own in notes.values())
    ]
    against_run = any(one.name == comparison.baseline for one in comparison.contenders)
    found = [
        Said(
            run,
            tuple(_sentence(one, comparison.baseline) for one in own[: 1 if against_run else None]),
            tuple(note for note in notes[run] if note not in shared),
        )
        for (run, own) in by_run.items()
    ]
    return (found, shared)


def repeats(contenders: Sequence[Contender]) -> Iterator[Repeats]:
    """Groups of trainings that differ by their seed only, by the main metric of the first."""
    known = {one.name: one for one in contenders}
    for names in repeated(contenders):
        metric = known[names[0]].main
        levels = [
            known[name].curves[metric].around_best.mean
            for name in names
            if metric is not None and metric in known[name].curves
        ]
        if metric is not None and len(levels) == len(names):
            yield Repeats(
                tuple(names), metric, float(np.mean(levels)), float(np.std(levels, ddof=1))
            )


def _sentence(one: Difference, baseline: str) -> str:
    return f"{one.run} {SAID[one.verdict]} {baseline}: {one.reason}"


def _notes(own: Sequence[Difference]) -> list[str]:
    return _once([*(caveat for one in own for caveat in one.caveats), *_on_sampling(own)])


def _on_sampling(own: Sequence[Difference]) -> Iterator[str]:
    """How far other validation images move the main metric; intervals of images drawn again say so already."""
    for one in own[:1]:
        if one.sampling is not None:
            within = f"{100 * one.sampling:.1f}"
            yield f"on other validation images each value may lie {within} points off, mostly both alike"


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
