"""Which process trains, and whether it is still there: one that was killed leaves no word of its end.

Only Linux tells that without a doubt, and only to who asks on the same machine, since the same start of it, in the same
container: pids are used again after a start, and every container counts its own. Elsewhere nothing is recorded, and
nothing is known.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache
from typing import Optional, Union

BOOT = "/proc/sys/kernel/random/boot_id"
NAMESPACE = "/proc/self/ns/pid"
STAT = "/proc/{}/stat"
STAT_BYTES = 4096
"""A line of some 300 bytes."""

STATE, STARTED = 0, 19
"""Fields of that line after the process's name: one letter, and the start in clock ticks since the machine's."""

DEAD = (b"Z", b"X")
"""States of a process that has ended, and that its parent has not asked about yet."""

PLACE_DIGITS = 16


def this_process() -> Optional[dict[str, Union[int, str]]]:
    """The manifest's field ``process`` (docs/recorded_data.md); None where it cannot be asked about later."""
    (here, stat) = (place(), _stat(os.getpid()))
    if here is None or stat is None:
        return None
    return {"pid": os.getpid(), "started": stat[1], "place": here}


def is_there(pid: int, started: int, where: str) -> Optional[bool]:
    """Whether the process of this pid and start is still there; None where only another place could tell."""
    if where != place():
        return None
    try:
        os.kill(pid, 0)  # asks, and does nothing to it
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    except OverflowError:
        return False
    stat = _stat(pid)
    return stat is None or (stat[0] not in DEAD and stat[1] == started)


@cache
def place() -> Optional[str]:
    """What all processes that see the same pids have in common, as a digest: it names no machine and no person."""
    with contextlib.suppress(OSError), open(BOOT, "rb") as file:
        boot = file.read(STAT_BYTES)
        seen = boot + os.readlink(NAMESPACE).encode()
        return hashlib.sha256(seen).hexdigest()[:PLACE_DIGITS]
    return None


def _stat(pid: int) -> Optional[tuple[bytes, int]]:
    """(state, start) of a process; None where it is gone, or hidden since it is somebody else's."""
    with contextlib.suppress(OSError, ValueError, IndexError), open(STAT.format(pid), "rb") as file:
        # The name before may hold blanks and brackets.
        fields = file.read(STAT_BYTES).rpartition(b")")[2].split()
        return (fields[STATE], int(fields[STARTED]))
    return None
