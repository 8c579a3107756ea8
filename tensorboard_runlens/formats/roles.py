"""What each file of a run is for, by the names that the frameworks give."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Optional

from tensorboard_runlens.belonging import WEIGHTS_FOLDER, files_of_parts
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.event_files import is_event_file
from tensorboard_runlens.naming import natural
from tensorboard_runlens.recording import layout

ROLE_OF_NAME: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("plot", re.compile(r"^(results|LR)\.png$")),
    ("curve", re.compile(r"^(Box|Mask|Pose)?(F1|PR|P|R)_curve\.png$")),
    ("confusion", re.compile(r"^confusion_matrix(_normalized)?\.png$")),
    ("visualization", re.compile(r"^visuali[sz]ations?\.(jpg|png)$")),
    ("labels", re.compile(r"^labels(_correlogram)?\.(jpg|png)$")),
    ("train_batch", re.compile(r"^train_batch\d+\.(jpg|png)$")),
    ("val_batch", re.compile(r"^(val|test)_batch\d+_(labels|pred)\.(jpg|png)$")),
    ("worst", re.compile(rf"^{layout.FOLDER}/worst_\d\d\.jpg$")),
    ("weights", re.compile(r"\.pt$")),
    ("log", re.compile(r"\.(log|out|ipynb)$")),
)
RECORDED = tuple(f"{layout.FOLDER}/{name}" for name in layout.FILES if name not in layout.PICTURES)


def files_by_role(
    folder: Folder, results: Collection[str], arguments: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """role -> paths relative to the run, natural order.

    ``results`` and ``arguments`` are the files that were read as such.
    """
    roles: dict[str, list[str]] = {}
    for path in sorted((*folder.files, *files_of_parts(folder)), key=natural):
        role = _role(path, results, arguments)
        if role:
            roles.setdefault(role, []).append(path)
    for name in _checkpoints(folder):
        roles.setdefault("weights", []).append(f"{WEIGHTS_FOLDER}/{name}")
    return {role: tuple(names) for (role, names) in roles.items()}


def _role(path: str, results: Collection[str], arguments: Collection[str]) -> Optional[str]:
    if is_event_file(path):
        return "events"
    if path in results:
        return "results"
    if path in arguments:
        return "args"
    if path in RECORDED:
        return "recorded"
    name = path if path.startswith(f"{layout.FOLDER}/") else path.rpartition("/")[2]
    return next((role for (role, pattern) in ROLE_OF_NAME if pattern.search(name)), None)


def _checkpoints(folder: Folder) -> list[str]:
    below = folder.below(WEIGHTS_FOLDER)
    names = below.files if below else ()
    return sorted((name for name in names if name.endswith(".pt")), key=natural)
