"""Deleting what a plan lists; each failure is told and costs only its own file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.housekeeping.at_rest import at_rest
from tensorboard_runlens.housekeeping.identity import Refused
from tensorboard_runlens.housekeeping.planned import Plan, RunPlan, Snapshot
from tensorboard_runlens.housekeeping.removal import CHANGED, remove


@dataclass(frozen=True)
class Outcome:
    """A listed snapshot of a run, and why it was not deleted, None where it was."""

    run: str
    file: Snapshot
    refused: Optional[str]


def delete(logdir: str, plan: Plan) -> list[Outcome]:
    """What became of each file of a plan that was made of runs below ``logdir``, in its order."""
    return [outcome for planned in plan.runs for outcome in _delete_of_run(logdir, planned)]


def _delete_of_run(logdir: str, planned: RunPlan) -> Iterator[Outcome]:
    resting = at_rest(planned)
    for file in planned.files:
        refused = _refusal(logdir, planned, file) if resting else f"the run {CHANGED}"
        yield Outcome(planned.run, file, refused)


def _refusal(logdir: str, planned: RunPlan, file: Snapshot) -> Optional[str]:
    way = os.path.relpath(planned.folder, logdir)
    folders = [] if way == os.curdir else way.split(os.sep)
    try:
        remove(logdir, (*folders, *file.path.split("/")), file.identity)
    except Refused as refusal:
        return str(refusal)
    return None
