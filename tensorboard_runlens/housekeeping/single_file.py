"""Why a single snapshot stays although others of its run can go."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.housekeeping.at_rest import folders_of, path_in_run
from tensorboard_runlens.housekeeping.identity import Refused, identity
from tensorboard_runlens.housekeeping.links import targets
from tensorboard_runlens.housekeeping.own_wish import OwnWish
from tensorboard_runlens.housekeeping.planned import Snapshot
from tensorboard_runlens.housekeeping.starting_points import StartingPoints
from tensorboard_runlens.housekeeping.whole_run import MIN_BYTES, why_stay_beside


@dataclass(frozen=True)
class Uses:
    """What uses snapshots elsewhere: trainings that started from some, and links that lead to the paths ``linked``."""

    sources: StartingPoints
    linked: frozenset[str]


class Snapshots:
    """Those of one run, whose folder is listed in ``folder``, to be looked at one by one."""

    def __init__(self, analysis: Analysis, folder: Folder, wish: OwnWish, uses: Uses) -> None:
        self._run = analysis.run
        self._wish = wish
        self._sources = uses.sources
        folders = folders_of(folder)
        self._beside = {
            below: why_stay_beside(analysis, inner) for (below, inner) in folders.items()
        }
        self._linked = uses.linked | targets(folders.values())

    def look_at(self, below: str, name: str) -> Snapshot:
        """The file of this name ``below`` the run as it lies there now. Raises Refused where it stays."""
        why = self._beside.get(below, "its folder is gone")
        if why:
            raise Refused(why)
        if self._sources.name(self._run, name):
            raise Refused("a training started from it")
        if self._wish.names(name):
            raise Refused("your note names it")
        return self._as_it_lies_there(path_in_run(below, name))

    def _as_it_lies_there(self, path: str) -> Snapshot:
        place = os.path.join(self._run.path, *path.split("/"))
        try:
            now = identity(os.lstat(place))
        except OSError as error:
            raise Refused("cannot be looked at") from error
        if now.bytes < MIN_BYTES:
            raise Refused("too small for a checkpoint; deleting it frees nothing")
        if self._linked and os.path.realpath(place) in self._linked:
            raise Refused("a link leads to it")
        return Snapshot(path, now)
