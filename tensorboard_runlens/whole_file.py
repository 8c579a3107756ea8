"""Files of the user's that appear whole or not at all, whatever ends the program while it writes.

A recording has its own way (recording/disk.py): it is appended to and must not wait for the disk.
"""

from __future__ import annotations

import contextlib
import os
import tempfile

PRIVATE = 0o600
"""Permissions of a file that its owner alone may read."""


def usual_mode() -> int:
    """Permissions of a file as ``open`` makes one; the user's mask cannot be read in any other way."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def put(path: str, content: bytes, mode: int) -> None:
    """Replaces what is at ``path``; it has reached the disk when this returns. Raises OSError."""
    (handle, unfinished) = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(unfinished, mode)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
