"""Which folders below a logdir are looked at.

The walk is breadth first and keeps out of what cannot hold runs: virtual environments, dot-folders,
image and label trees, checkpoints. Links to folders are followed last, so that a run which is also
linked has the name of its own place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.belonging import ITERATION, parts
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.naming import natural, shown

MAX_FOLDERS = 50_000
"""Folders looked at in one logdir; a lab's ten thousand runs have three each."""

MAX_DEPTH = 12
"""Levels below the logdir; runs/segment/project/exp is four."""

NEVER_RUNS = (
    "runlens",
    "weights",
    "images",
    "labels",
    "site-packages",
    "node_modules",
    "__pycache__",
    "wandb",
    "mlruns",
)
"""Folders that are not entered: RunLens' own records, checkpoints, data sets, installed packages, other trackers."""

NOTEBOOK_COPIES = ".ipynb_checkpoints"

ENVIRONMENT_MARK = "pyvenv.cfg"
"""A folder that holds this file is a virtual environment, whatever its name."""


@dataclass(frozen=True)
class Unreadable:
    """A folder that looks like a run and cannot be read, relative to the logdir."""

    path: str
    reason: str


@dataclass(frozen=True)
class Found:
    """A folder of the walk: its listing, and its name relative to the logdir (POSIX, "." for the logdir)."""

    folder: Folder
    name: str


def walk(logdir: str) -> Iterator[tuple[Optional[Found], Optional[Unreadable]]]:
    """Every folder below a logdir that may hold runs, breadth first, or why one could not be listed."""
    queue: list[tuple[str, str, int]] = [(logdir, ".", 0)]
    linked: list[tuple[str, str, int]] = []
    seen: set[tuple[int, int]] = set()
    looked = 0
    while (queue or linked) and looked < MAX_FOLDERS:
        (path, name, depth) = (queue or linked).pop(0)
        looked += 1
        try:
            facts = os.stat(path)
            if (facts.st_dev, facts.st_ino) in seen:
                continue
            seen.add((facts.st_dev, facts.st_ino))
            folder = Folder(path)
        except OSError as error:
            yield (
                None,
                Unreadable(
                    name, f"the folder cannot be listed: {error.strerror or type(error).__name__}"
                ),
            )
            continue
        if depth and ENVIRONMENT_MARK in folder.files:
            continue
        yield (Found(folder, name), None)
        if depth < MAX_DEPTH:
            for below in _entered(folder):
                later = linked if below in folder.linked_folders else queue
                later.append((os.path.join(path, below), _joined(name, below), depth + 1))
    if queue or linked:
        yield (
            None,
            Unreadable(
                ".", f"more than {MAX_FOLDERS:,} folders: the rest of this logdir was not looked at"
            ),
        )


def _entered(folder: Folder) -> list[str]:
    belonging = {*NEVER_RUNS, *parts(folder)}
    return sorted(
        (
            name
            for name in (*folder.folders, *folder.linked_folders)
            if name not in belonging
            and not name.startswith(".")
            and not name.endswith(NOTEBOOK_COPIES)
            and not (ITERATION.match(name) and name in folder.linked_folders)
        ),
        key=natural,
    )


def _joined(parent: str, name: str) -> str:
    return shown(name) if parent == "." else f"{parent}/{shown(name)}"
