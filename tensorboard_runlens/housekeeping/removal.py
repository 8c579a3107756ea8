"""Deleting one listed file below a logdir, and no other: not through links, and not another one in its place.

Where the system allows it, every folder on the way is held open while the next is looked up in it, so that
nothing can be put in between. Elsewhere (Windows) the way is looked at once more right before.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack

from tensorboard_runlens.housekeeping.identity import Identity, Refused, identity

CHANGED = "changed since it was listed"
HELD_OPEN = {os.open, os.stat, os.unlink} <= os.supports_dir_fd


def remove(logdir: str, parts: Sequence[str], listed: Identity) -> None:
    """Deletes the file at ``parts`` below ``logdir``, the names on the way with its own last. Raises Refused."""
    if not parts or any(part in ("", ".", "..") or os.sep in part for part in parts):
        raise Refused("not below the logdir")
    try:
        (remove_held_open if HELD_OPEN else remove_by_path)(logdir, parts, listed)
    except FileNotFoundError as error:
        raise Refused("already gone") from error
    except OSError as error:
        raise Refused(f"cannot be deleted: {error.strerror or type(error).__name__}") from error


def remove_held_open(logdir: str, parts: Sequence[str], listed: Identity) -> None:
    """Folder by folder, none of them a link. Raises Refused and OSError."""
    (*folders, name) = parts
    with ExitStack() as opened:
        folder = os.open(logdir, os.O_RDONLY | os.O_DIRECTORY)
        opened.callback(os.close, folder)
        for below in folders:
            folder = os.open(below, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            opened.callback(os.close, folder)
        _refuse_another(os.stat(name, dir_fd=folder, follow_symlinks=False), listed)
        os.unlink(name, dir_fd=folder)


def remove_by_path(logdir: str, parts: Sequence[str], listed: Identity) -> None:
    """By the whole path, on which no link may lie. Raises Refused and OSError."""
    path = os.path.join(os.path.realpath(logdir), *parts)
    folder = os.path.dirname(path)
    if os.path.normcase(os.path.realpath(folder)) != os.path.normcase(folder):
        raise Refused(CHANGED)
    _refuse_another(os.lstat(path), listed)
    os.unlink(path)


def _refuse_another(facts: os.stat_result, listed: Identity) -> None:
    if identity(facts) != listed:
        raise Refused(CHANGED)
