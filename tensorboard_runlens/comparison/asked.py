"""What somebody asks to compare: runs with each other, or with what runlens.yaml sets as baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison import MAX_RUNS, Comparison, compare, compare_with
from tensorboard_runlens.comparison.by_numbers import Numbers
from tensorboard_runlens.plain_values import WHOLE_PATH
from tensorboard_runlens.settings import FILE_NAME, Settings
from tensorboard_runlens.words import count

MAX_NAMED = 10
"""Baselines that are named to somebody who named another."""


class CannotCompare(ValueError):
    """What is asked makes no comparison; the message says why."""


@dataclass(frozen=True)
class Asked:
    """``numbers`` to compare with, or else a ``run`` of the logdir that goes before those that were named; None for
    neither, and then the first one that was named is the baseline."""

    numbers: Optional[Numbers] = None
    run: Optional[str] = None

    def compare(self, analyses: Mapping[str, Analysis]) -> Comparison:
        """The runs by name, the baseline first. Raises CannotCompare."""
        try:
            return (
                compare(analyses) if self.numbers is None else compare_with(analyses, self.numbers)
            )
        except ValueError as error:
            raise CannotCompare(str(error)) from error


def asked(runs: Sequence[str], baseline: Optional[str], settings: Settings) -> Asked:
    """With which baseline so many runs are to be compared: ``baseline`` names numbers in runlens.yaml; without it a
    single run is held against what is set there. Raises CannotCompare."""
    if len(set(runs)) < len(runs):
        raise CannotCompare("a run is named twice")
    if len(runs) > MAX_RUNS:
        raise CannotCompare(f"{count(len(runs), 'run')}; up to {MAX_RUNS} are compared")
    if baseline is not None:
        return Asked(numbers=_numbers(baseline, settings))
    if len(runs) > 1:
        return Asked()
    if not settings.baseline:
        raise CannotCompare(f"name two runs, or set a baseline in {FILE_NAME}")
    if settings.baseline in settings.baselines:
        return Asked(numbers=_numbers(settings.baseline, settings))
    if settings.baseline in runs:
        raise CannotCompare("this run is the baseline itself")
    if not _is_name(settings.baseline):
        raise CannotCompare(f"the baseline in {FILE_NAME} is no name of a run")
    return Asked(run=settings.baseline)


def _is_name(name: str) -> bool:
    """Whether a name stays within the logdir: runlens.yaml may be somebody else's, and paths in it are not opened."""
    return not (WHOLE_PATH.match(name) or ".." in re.split(r"[\\/]", name))


def _numbers(name: str, settings: Settings) -> Numbers:
    if name in settings.baselines:
        return Numbers(name, settings.baselines[name])
    known = ", ".join(list(settings.baselines)[:MAX_NAMED]) or "none"
    raise CannotCompare(f"no baseline called {name[:100]} in {FILE_NAME}; it has {known[:400]}")
