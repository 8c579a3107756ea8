"""What each file of a run is for, by the names that the frameworks give."""

from __future__ import annotations

import os
import re
from typing import Optional

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.arguments import ARGUMENT_FILES
from tensorboard_runlens.formats.event_files import is_event_file
from tensorboard_runlens.naming import natural

WEIGHTS_FOLDER = "weights"

ROLE_OF_NAME: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("curve", re.compile(r"^(Box|Mask|Pose)?(F1|PR|P|R)_curve\.png$")),
    ("confusion", re.compile(r"^confusion_matrix(_normalized)?\.png$")),
    ("labels", re.compile(r"^labels(_correlogram)?\.(jpg|png)$")),
    ("train_batch", re.compile(r"^train_batch\d+\.(jpg|png)$")),
    ("val_batch", re.compile(r"^(val|test)_batch\d+_(labels|pred)\.(jpg|png)$")),
    ("weights", re.compile(r"\.pt$")),
    ("log", re.compile(r"\.log$")),
)


def files_by_role(folder: Folder, table: Optional[str]) -> dict[str, tuple[str, ...]]:
    """role -> paths relative to the run, natural order; ``table`` is the result table that was read."""
    roles: dict[str, list[str]] = {}
    for name in sorted(folder.files, key=natural):
        role = _role(name, table)
        if role:
            roles.setdefault(role, []).append(name)
    for name in _checkpoints(folder):
        roles.setdefault("weights", []).append(f"{WEIGHTS_FOLDER}/{name}")
    return {role: tuple(names) for (role, names) in roles.items()}


def _role(name: str, table: Optional[str]) -> Optional[str]:
    if is_event_file(name):
        return "events"
    if name == table:
        return "results"
    if name in ARGUMENT_FILES:
        return "args"
    return next((role for (role, pattern) in ROLE_OF_NAME if pattern.search(name)), None)


def _checkpoints(folder: Folder) -> list[str]:
    if WEIGHTS_FOLDER not in folder.folders:
        return []
    try:
        below = Folder(os.path.join(folder.path, WEIGHTS_FOLDER))
    except OSError:
        return []  # an unreadable weights folder hides checkpoints, nothing else
    return sorted((name for name in below.files if name.endswith(".pt")), key=natural)
