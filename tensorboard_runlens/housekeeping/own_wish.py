"""What the user wants kept: runs with certain tags, and snapshots that a note names.

Tags count from every runlens.yaml above a run, whichever folder is pruned: the one that says so may lie higher
or lower than the logdir.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.naming import name_below
from tensorboard_runlens.settings import FILE_NAME, Settings, load

KEEPING_TAGS = ("deployed", "keep")
"""Tags, in any case of letters, of runs whose snapshots stay."""


@dataclass(frozen=True)
class OwnWish:
    """Why all snapshots of a run are to be kept, None where nothing says so, and the user's notes on it."""

    keep: Optional[str]
    notes: tuple[str, ...]

    def names(self, file: str) -> bool:
        """Whether a note names the file."""
        return any(file in note for note in self.notes)


def own_wish(analysis: Analysis) -> OwnWish:
    """What all that is said of the run comes to."""
    (tags, notes) = (list(analysis.surroundings.tags), [analysis.surroundings.note or ""])
    for settings in _above(analysis):
        if settings.notes:
            why = f"a {FILE_NAME} above it has a mistake, and its tags may not be known"
            return OwnWish(why, ())
        name = _name(analysis, settings)
        tags += settings.run_tags.get(name, ())
        notes.append(settings.run_notes.get(name, ""))
    kept = next((tag for tag in tags if tag.strip().casefold() in KEEPING_TAGS), None)
    return OwnWish(None if kept is None else f"tagged {kept}", tuple(notes))


def _name(analysis: Analysis, settings: Settings) -> str:
    path = os.path.abspath(analysis.run.path)
    return name_below(settings.folder, path, os.path.basename(path))


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
