"""Why all snapshots of a run stay: it may go on, best.pt may not be its best, or the user wants them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from typing import Optional

import numpy as np

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.housekeeping.own_wish import OwnWish
from tensorboard_runlens.lifecycle import STALE_MAX_S, freshness, silent_seconds
from tensorboard_runlens.run import Run

BEST = "best.pt"
LAST = "last.pt"

MIN_BYTES = 1024
"""A checkpoint has megabytes; a Git LFS pointer has fewer bytes than this, by its specification."""

ENDED = ("finished", "early_stopped", "interrupted")

NOT_ENDED: Mapping[str, str] = {
    "running": "still training",
    "stale": "fell silent less than a day ago",
    "diverged": "diverged, and a snapshot may be the last one from before",
}
"""State -> why its snapshots stay."""

NOT_VALIDATED = {"val": False, "noval": True, "notest": True}
"""Arguments with which the frameworks validate the last epoch only, and may log zeros for the others."""


def why_all_stay(analysis: Analysis, wish: OwnWish) -> Optional[str]:
    """In words that follow the run's name, None where nothing but single files must stay."""
    return _may_go_on(analysis) or wish.keep or _best_unknown(analysis) or _linked(analysis.run)


def why_stay_beside(analysis: Analysis, folder: Folder) -> Optional[str]:
    """Why the snapshots in one folder of the run stay: what must lie beside them is missing or damaged."""
    if not is_whole(folder, BEST):
        return f"no {BEST} beside them, or a damaged one"
    if analysis.state == "interrupted" and not is_whole(folder, LAST):
        return f"interrupted, with no {LAST} to resume from, or a damaged one"
    return None


def is_whole(folder: Folder, name: str) -> bool:
    """Whether a checkpoint is there to its end: torch writes a zip, whose directory comes last."""
    entry = folder.files.get(name)
    if entry is None or entry.is_link or entry.size < MIN_BYTES:
        return False
    try:
        return zipfile.is_zipfile(folder.local_path(name))
    except FileRefused:
        return False


def _may_go_on(analysis: Analysis) -> Optional[str]:
    """Longer than the state says: patience may have been changed, and who resumes a run wants all of it."""
    (state, run, now) = (analysis.state, analysis.run, analysis.signals.now)
    if state not in ENDED:
        return NOT_ENDED.get(state, "not known to have ended")
    if state == "early_stopped" and freshness(run, now) == "fresh":
        return "stopped early, but written to a short time ago"
    silence = silent_seconds(run, now)
    if state == "interrupted" and silence is not None and silence <= STALE_MAX_S:
        return "interrupted less than a day ago"
    return None


def _best_unknown(analysis: Analysis) -> Optional[str]:
    fitness = analysis.signals.fitness
    stated = analysis.run.arguments
    left_out = any(stated.get(name) is value for (name, value) in NOT_VALIDATED.items())
    if left_out or fitness is None or not np.all(np.isfinite(fitness.values)):
        return f"not every epoch was validated, so {BEST} need not be the best"
    return None


def _linked(run: Run) -> Optional[str]:
    """A run's name is its way below the logdir; a link on it may lead to where nothing is to be deleted."""
    folder = root = os.path.abspath(run.path)
    for _ in range(0 if run.name == "." else run.name.count("/") + 1):
        root = os.path.dirname(root)
    way = os.path.relpath(folder, root)
    straight = os.path.normpath(os.path.join(os.path.realpath(root), way))
    return None if os.path.realpath(folder) == straight else "reached through a link"
