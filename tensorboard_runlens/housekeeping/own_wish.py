"""What the user wants kept: runs with certain tags, and snapshots that a note names.

Tags count from every runlens.yaml above a run, whichever folder is pruned: the one that says so may lie higher
or lower than the logdir. In doubt a name means the run: what is kept can still be deleted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.housekeeping.alike import folded
from tensorboard_runlens.housekeeping.snapshots import SNAPSHOT
from tensorboard_runlens.naming import name_below
from tensorboard_runlens.settings import FILE_NAME, Settings, load

KEEPING = re.compile(r"\b(deployed|keep)\b", re.IGNORECASE)
"""In the tags of runs whose snapshots stay: "deployed 2026-03" and "keep, line 3" are meant so, too."""


@dataclass(frozen=True)
class OwnWish:
    """Why all snapshots of a run are to be kept, None where nothing says so, and the user's notes on it."""

    keep: Optional[str]
    notes: tuple[str, ...]

    def names(self, file: str) -> bool:
        """Whether a note names the file."""
        return any(folded(file) in folded(note) for note in self.notes)


def own_wish(analysis: Analysis) -> OwnWish:
    """What all that is said of the run comes to."""
    (tags, notes) = (list(analysis.surroundings.tags), [analysis.surroundings.note or ""])
    for settings in _above(analysis):
        if settings.notes:
            why = f"a {FILE_NAME} above it has a mistake, and its tags may not be known"
            return OwnWish(why, ())
        tags += _tags(analysis, settings)
        notes += _notes(analysis, settings)
    kept = next(filter(KEEPING.search, tags), None)
    return OwnWish(None if kept is None else f"tagged {kept}", tuple(notes))


def _tags(analysis: Analysis, settings: Settings) -> Iterator[str]:
    for name, tags in settings.run_tags.items():
        keeping = [tag for tag in tags if KEEPING.search(tag)]
        if keeping and _means(name, analysis, settings):
            yield from keeping


def _notes(analysis: Analysis, settings: Settings) -> Iterator[str]:
    for name, note in settings.run_notes.items():
        if SNAPSHOT.search(note) and _means(name, analysis, settings):
            yield note


def _means(name: str, analysis: Analysis, settings: Settings) -> bool:
    """Whether a name in runlens.yaml is that of the run or of a folder above it, a pattern of these, or leads to it."""
    path = os.path.abspath(analysis.run.path)
    own = PurePosixPath(folded(name_below(settings.folder, path, os.path.basename(path))))
    (asked, ways) = (folded(name), (str(own), *map(str, own.parents)))
    return (
        asked in ways
        or any(fnmatchcase(way, asked) for way in ways)
        or _is(os.path.join(settings.folder, name), path)
    )


def _is(path: str, run: str) -> bool:
    """Whether a path leads to the run's folder, through links too."""
    try:
        return os.path.samefile(path, run)
    except (OSError, ValueError):
        return False


def _above(analysis: Analysis) -> Iterator[Settings]:
    """The settings in the run's folder and in those above it."""
    folder = os.path.abspath(analysis.run.path)
    while True:
        found = load(folder)
        if found.folder or found.notes:
            yield found
        if folder == os.path.dirname(folder):
            return
        folder = os.path.dirname(folder)
