"""How large the files of a run are."""

from __future__ import annotations

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.recording import layout
from tensorboard_runlens.run import Run

LISTED = (WEIGHTS_FOLDER, layout.FOLDER)
"""Folders below the run's own whose files are the run's."""


def sizes_of(run: Run, folder: Folder) -> dict[str, int]:
    """path -> bytes, of the files in the run's own folder, in that of its weights and in the recording's."""
    folders = {"": folder, **{name: folder.below(name) for name in LISTED}}
    found: dict[str, int] = {}
    for paths in run.files.by_role.values():
        for path in paths:
            (below, _, name) = path.rpartition("/")
            inner = folders.get(below)
            if inner is not None and name in inner.files:
                found[path] = inner.files[name].size
    return found
