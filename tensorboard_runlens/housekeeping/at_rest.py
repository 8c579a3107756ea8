"""Whether a run is still as it was read: a training that goes on writes to its tables and checkpoints."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tensorboard_runlens.folder import Entry, Folder, times
from tensorboard_runlens.housekeeping.planned import RunPlan
from tensorboard_runlens.housekeeping.snapshots import FOLDERS
from tensorboard_runlens.run import Run


def files_beside(folder: Folder, but: Collection[str]) -> dict[str, Entry]:
    """The files in a run's folder and in that of its weights by path relative to the run, ``but`` for these."""
    return {
        path_in_run(below, name): entry
        for (below, inner) in folders_of(folder).items()
        for (name, entry) in inner.files.items()
        if path_in_run(below, name) not in but
    }


def folders_of(folder: Folder) -> dict[str, Folder]:
    """The listings of a run's folder and of its weights, by their way from the run, as far as they are there."""
    found = {below: folder.below(below) if below else folder for below in FOLDERS}
    return {below: inner for (below, inner) in found.items() if inner}


def path_in_run(below: str, name: str) -> str:
    """Of a file in one of FOLDERS."""
    return f"{below}/{name}" if below else name


def written_since(run: Run, folder: Folder) -> bool:
    """Whether a file of the folder is newer than all that were there when the run was read."""
    (newest, _) = times(folder.files)
    return newest is not None and (run.files.newest is None or newest > run.files.newest)


def at_rest(planned: RunPlan) -> bool:
    """Whether all but the snapshots is as it was when they were listed."""
    try:
        now: Mapping[str, Entry] = files_beside(
            Folder(planned.folder), {file.path for file in planned.files}
        )
    except OSError:
        return False
    return now == planned.beside
