"""What a file was when it was listed, so that another one in its place is noticed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass


class Refused(Exception):
    """A file that is not deleted; the message says why, in words that follow its name."""


@dataclass(frozen=True)
class Identity:
    """Device, number, bytes and time of change (nanoseconds): a number alone is given again to the next file."""

    device: int
    inode: int
    bytes: int
    mtime_ns: int


def identity(facts: os.stat_result) -> Identity:
    """Of a file that may be deleted, from its lstat. Raises Refused for links and all that is no plain file."""
    if not stat.S_ISREG(facts.st_mode):
        raise Refused("no plain file")
    if facts.st_nlink > 1:
        raise Refused("also lies elsewhere as a hard link, so that deleting it frees nothing")
    return Identity(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
