"""Remedies that nobody can follow both: of two that contradict each other the weightier finding's stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tensorboard_runlens.rules import Advice, Finding

_GO_ON = ("train-longer", "more-patience", "keep-going", "resume", "train-again", "wait")
"""More epochs, as the training is."""

_STOP = ("stop-earlier", "stop-here", "do-not-resume", "fewer-epochs")
"""Fewer of them."""

_CHECK_FIRST = (
    *_GO_ON,
    "use-best",
    "larger-model",
    "larger-images",
    "own-weights",
    "check-threshold",
)
"""What is of no use while the data are wrong."""


def _each(one: str, others: Iterable[str]) -> Iterable[frozenset[str]]:
    return (frozenset((one, other)) for other in others)


CONTRADICTING: Collection[frozenset[str]] = frozenset(
    (
        *(pair for stop in _STOP for pair in _each(stop, _GO_ON)),
        *_each("check-labels", (*_CHECK_FIRST, *_STOP)),
        *_each("check-split", _GO_ON),
        *_each("lower-lr", ("raise-lr",)),
        *_each("decay-lr", ("slower-decay",)),
        *_each("larger-images", ("smaller-images",)),
        *_each("larger-batch", ("smaller-batch",)),
        *_each("larger-model", ("weight-decay", "smaller-images")),
        *_each("more-data", ("review-augmentation",)),
    )
)
"""Pairs of keys."""


def without_contradictions(
    findings: Sequence[Finding], decided: Iterable[str] = ()
) -> list[Finding]:
    """The findings, weightiest first, each without the advice that contradicts what a weightier one advises, or what
    was ``decided`` on the whole run. One that loses all of it takes over the remedy that it contradicts."""
    kept = _without_contradicted(findings, decided)
    remedies = [advice for finding in kept for advice in finding.advice]
    return [
        replace(now, advice=now.advice or _instead(before.advice, remedies))
        for (before, now) in zip(findings, kept)
    ]


def _without_contradicted(findings: Sequence[Finding], decided: Iterable[str]) -> list[Finding]:
    said = set(decided)
    kept = []
    for finding in findings:
        advice = [one for one in finding.advice if not contradicted(one.key, said)]
        said |= {one.key for one in advice}
        kept.append(replace(finding, advice=advice))
    return kept


def _instead(lost: Sequence[Advice], remedies: Sequence[Advice]) -> list[Advice]:
    keys = {one.key for one in lost}
    return [one for one in remedies if contradicted(one.key, keys)][:1]


def contradicted(key: str, said: Iterable[str]) -> bool:
    """Whether a remedy contradicts one of those already named."""
    return any(frozenset((key, other)) in CONTRADICTING for other in said)
