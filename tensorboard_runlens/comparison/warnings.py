"""What has to be known before any difference is read: which are not judged, and which runs name other data."""

from __future__ import annotations

from collections.abc import Iterator

from tensorboard_runlens.comparison import Comparison
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.same_data import sameness
from tensorboard_runlens.data_groups import data_name
from tensorboard_runlens.words import count, first_of

MAX_NAMES = 4
"""Data files that a warning names; the configuration has all."""

MAX_NAME = 60
"""Characters of a data file's name in a warning."""


def warnings(comparison: Comparison) -> Iterator[str]:
    """A sentence each."""
    yield from _not_judged(comparison)
    yield from other_data(comparison)


def _not_judged(comparison: Comparison) -> Iterator[str]:
    compared = {one.run for one in comparison.differences}
    judged = {one.run for one in comparison.differences if one.verdict != "not_comparable"}
    left = len(compared - judged)
    if left:
        which = f"{left} of {count(len(compared), 'run')}" if len(compared) > 1 else "The run"
        yield f"{which} cannot be compared with the baseline: differences are not judged."


def other_data(comparison: Comparison) -> Iterator[str]:
    """Of runs that may have validated other images and state another data file."""
    baseline = next((one for one in comparison.contenders if one.name == comparison.baseline), None)
    if baseline is None:
        return
    doubted = [one for one in comparison.contenders if sameness(baseline, one).doubt]
    names = list(dict.fromkeys(name for one in (baseline, *doubted) if (name := _data(one))))
    if len(names) > 1:
        yield (
            f"Other data files are named ({first_of(names, MAX_NAMES)}): unless they hold the same validation "
            "images, a difference tells nothing of the training."
        )


def _data(contender: Contender) -> str:
    return (data_name(contender.analysis.run.arguments) or "")[:MAX_NAME]
