"""Snapshots that trainings started from: those that the arguments of any run name.

Names are compared as text, and in doubt a snapshot counts as named; no path is opened.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.housekeeping.alike import folded
from tensorboard_runlens.housekeeping.snapshots import SNAPSHOT
from tensorboard_runlens.relations.sources import parts
from tensorboard_runlens.run import Run

NAMING = ("name", "save_dir")
"""Arguments by which a training called its folder, which may have been renamed since."""


class StartingPoints:
    """What the arguments of all runs say of snapshots."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._texts: dict[str, set[str]] = defaultdict(set)
        for run in runs:
            for text in _texts(run.arguments):
                for name in SNAPSHOT.findall(text):
                    self._texts[name.lower()].add(folded(text))

    def name(self, run: Run, file: str) -> bool:
        """Whether arguments name a snapshot of this name in a folder that is called like the run's, or in none."""
        texts = self._texts.get(file.lower(), ())
        folders = _called(run) if texts else ()
        return any(
            _without_folder(text) or any(folder in text for folder in folders) for text in texts
        )


def _texts(value: Any) -> Iterator[str]:
    """The texts among arguments; they come from readers that bound their depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def _without_folder(text: str) -> bool:
    return all(part == WEIGHTS_FOLDER for part in parts(text)[:-1])


def _called(run: Run) -> set[str]:
    """What the run's folder is and was called, folded."""
    stated = [parts(str(run.arguments.get(name, "")))[-1:] for name in NAMING]
    called = {os.path.basename(os.path.abspath(run.path)), *(one[0] for one in stated if one)}
    return set(map(folded, called))
