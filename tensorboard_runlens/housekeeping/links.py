"""Where links lead: a snapshot that is linked to, say from a folder that is deployed, is used there."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tensorboard_runlens.discovery import walk
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.housekeeping.at_rest import folders_of


def targets(folders: Iterable[Folder]) -> frozenset[str]:
    """The real paths of what the links in these folders lead to."""
    return frozenset(
        os.path.realpath(os.path.join(folder.path, name))
        for folder in folders
        for (name, entry) in folder.files.items()
        if entry.is_link
    )


def targets_below(logdir: str) -> frozenset[str]:
    """The same for every folder of a logdir that may hold runs, and for their folders of weights."""
    found = (one.folder for (one, _) in walk(logdir) if one)
    return targets(inner for folder in found for inner in folders_of(folder).values())
