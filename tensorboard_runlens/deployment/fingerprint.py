"""What tells a checkpoint from every other one."""

from __future__ import annotations

import functools
import hashlib
import time
from typing import Optional

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.run import Run

CHUNK_BYTES = 2**20

MAX_SECONDS = 2.0
"""A checkpoint of 1 GB takes about as long; a page does not wait for a slow disk."""

KEPT = 100
"""Fingerprints that are kept: a page asks for the same checkpoint several times."""


def sha256_of(run: Run, weights: Optional[str]) -> Optional[str]:
    """Of a checkpoint of the run, by its path relative to it; None without one, and where reading it takes too long."""
    try:
        folder: Optional[Folder] = Folder(run.path)
        (above, _, name) = (weights or "").rpartition("/")
        if above:
            folder = folder.below(above) if folder and above == WEIGHTS_FOLDER else None
        if folder is None or name not in folder.files:
            return None
        entry = folder.files[name]
        return _kept(folder.local_path(name), entry.size, entry.mtime)
    except (OSError, FileRefused, _TooSlowError):
        return None


class _TooSlowError(Exception):
    pass


@functools.lru_cache(maxsize=KEPT)
def _kept(path: str, size: int, changed: float) -> str:
    """That of a file of this size and time. Raises _TooSlowError, and OSError where it cannot be read."""
    until = time.monotonic() + MAX_SECONDS
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            if time.monotonic() > until:
                raise _TooSlowError
    return digest.hexdigest()
