"""When a finding is told, and when it is taken back: each once for a training, however often it is looked at.

A finding is known by its key, the id of its rule; that of a death also holds how many epochs were logged, since a
training that goes on may die again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tensorboard_runlens.watching.memory import Sighting, Status, Training

WITHDRAWN_EPOCHS = 10
"""Epochs for which a finding that was told must be gone before it is taken back: after five, one in eight of those
taken back stood there again at the end (benchmarks/watch_replay.py)."""

DEATH = "@"
"""Stands in the key of a death, before the number of epochs."""


@dataclass(frozen=True)
class Present:
    """A finding that holds at a look: whether it is to be told, and for how many epochs more it must hold first."""

    alarms: bool
    hold: int = 0


@dataclass(frozen=True)
class Glance:
    """A training at one look: epochs logged, the findings that hold by key, whether nothing will change any more
    unless somebody resumes it (``settled``), and whether it came to its end (``over``)."""

    epochs: int
    present: Mapping[str, Present]
    settled: bool
    over: bool


def notice(training: Training, glance: Glance) -> tuple[list[str], list[str]]:
    """(findings to tell now, told ones to take back), by key. Both are noted in ``training``."""
    told = [key for (key, one) in glance.present.items() if _is_new(training, key, one, glance)]
    gone = [key for key in training.findings if key not in glance.present]
    withdrawn = [key for key in gone if _is_withdrawn(training, key, glance)]
    _mark(training, told, "told")
    _mark(training, withdrawn, "withdrawn")
    return (told, withdrawn)


def note(training: Training, glance: Glance) -> None:
    """Takes what stands there as known: none of it will be told."""
    for key, one in glance.present.items():
        if one.alarms:
            training.findings[key] = Sighting(glance.epochs, "noted")


def _mark(training: Training, keys: list[str], status: Status) -> None:
    for key in keys:
        training.findings[key].status = status


def _is_new(training: Training, key: str, one: Present, glance: Glance) -> bool:
    known = training.findings.get(key)
    if known is not None and known.status != "seen":
        known.gone = None
        return False
    if not one.alarms:
        training.findings.pop(key, None)
        return False
    since = training.findings.setdefault(key, Sighting(glance.epochs)).since
    return glance.settled or glance.epochs - since >= one.hold


def _is_withdrawn(training: Training, key: str, glance: Glance) -> bool:
    known = training.findings[key]
    if known.status == "seen":
        del training.findings[key]
        return False
    if known.status != "told":
        return False
    if DEATH in key:
        return glance.epochs > known.since
    known.gone = glance.epochs if known.gone is None else known.gone
    return glance.over or glance.epochs - known.gone >= WITHDRAWN_EPOCHS
