"""Which snapshots of one run can go, and why others stay."""

from __future__ import annotations

from typing import Optional, Union

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.housekeeping.at_rest import files_beside, path_in_run, written_since
from tensorboard_runlens.housekeeping.identity import Refused
from tensorboard_runlens.housekeeping.own_wish import OwnWish, own_wish
from tensorboard_runlens.housekeeping.planned import Kept, RunPlan, Snapshot
from tensorboard_runlens.housekeeping.single_file import Snapshots, Uses
from tensorboard_runlens.housekeeping.snapshots import snapshots_of
from tensorboard_runlens.housekeeping.whole_run import why_all_stay

Found = tuple[Optional[RunPlan], tuple[Kept, ...]]


def plan_of_run(analysis: Analysis, alone: bool, uses: Uses) -> Found:
    """(what can go, what stays) of a run; ``alone`` says whether no other run lies in its folder."""
    found = snapshots_of(analysis.run)
    if not found:
        return (None, ())
    wish = own_wish(analysis)
    try:
        folder = _at_rest(analysis, alone, wish)
    except Refused as refusal:
        paths = tuple(path_in_run(below, name) for (below, name) in found)
        return (None, (Kept(analysis.run.name, paths, str(refusal)),))
    snapshots = Snapshots(analysis, folder, wish, uses)
    goes: list[Snapshot] = []
    stays: dict[str, list[str]] = {}
    for below, name in found:
        looked = _look_at(snapshots, below, name)
        if isinstance(looked, Snapshot):
            goes.append(looked)
        else:
            stays.setdefault(looked, []).append(path_in_run(below, name))
    return (_of(analysis, folder, goes), _kept(analysis, stays))


def _look_at(snapshots: Snapshots, below: str, name: str) -> Union[Snapshot, str]:
    """What can go, or why it stays."""
    try:
        return snapshots.look_at(below, name)
    except Refused as refusal:
        return str(refusal)


def _at_rest(analysis: Analysis, alone: bool, wish: OwnWish) -> Folder:
    """The listing of a run's folder. Raises Refused where all of its snapshots stay."""
    why = why_all_stay(analysis, wish) if alone else "several runs share its folder"
    if why:
        raise Refused(why)
    try:
        folder = Folder(analysis.run.path)
    except OSError as error:
        raise Refused("its folder cannot be listed") from error
    if written_since(analysis.run, folder):
        raise Refused("written to a moment ago")
    return folder


def _of(analysis: Analysis, folder: Folder, goes: list[Snapshot]) -> Optional[RunPlan]:
    if not goes:
        return None
    beside = files_beside(folder, {one.path for one in goes})
    return RunPlan(analysis.run.name, analysis.run.path, tuple(goes), beside)


def _kept(analysis: Analysis, stays: dict[str, list[str]]) -> tuple[Kept, ...]:
    return tuple(Kept(analysis.run.name, tuple(paths), why) for (why, paths) in stays.items())
