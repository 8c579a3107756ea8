"""Where a watch keeps its memory: a file outside the logdir, replaced at once, and locked while a watch runs."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from typing import IO, Optional

import msgspec

from tensorboard_runlens import whole_file
from tensorboard_runlens.watching.memory import FORMAT, Memory

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MAX_BYTES = 64 * 2**20
"""Cap of a state file: a thousand trainings have some 500 kB."""

HASH_DIGITS = 20
"""Of the logdir's real path, in the file's name: enough that no two are alike."""


class AlreadyWatched(Exception):
    """Another watch holds the file."""


class NoHome(Exception):
    """The user has no folder for such files, as in some containers."""


def usual_path(logdir: str) -> str:
    """The state file of a logdir, below the user's folder for such files. Raises NoHome."""
    real = os.fsencode(os.path.realpath(logdir))
    return os.path.join(
        _folder(), "runlens", f"watch-{hashlib.sha256(real).hexdigest()[:HASH_DIGITS]}.json"
    )


def _folder() -> str:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    chosen = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(chosen):
        return chosen
    if not os.path.isabs(home):
        raise NoHome
    return os.path.join(home, ".local", "state")


class StateFile:
    """A watch's memory and its file. Whoever changes the memory or saves it holds ``lock``.

    ``notes`` say what is wrong with the file; the watch goes on without it.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._saved = b""
        self._is_unwritable = False
        self._holding: Optional[IO[bytes]] = None
        self.lock = threading.Lock()
        self.memory = Memory()
        self.damaged = False
        self.notes: list[str] = []

    def open(self) -> None:
        """Locks and reads it. Raises AlreadyWatched where another watch holds it."""
        try:
            os.makedirs(os.path.dirname(os.path.abspath(self._path)), mode=0o700, exist_ok=True)
            self._holding = open(f"{self._path}.lock", "ab")  # noqa: SIM115 held until close
        except OSError as error:
            self._unwritable(error)
        if self._holding is not None and not _locked(self._holding):
            self.close()
            raise AlreadyWatched
        self._read()

    def close(self) -> None:
        """Lets go of the lock."""
        if self._holding is not None:
            self._holding.close()
            self._holding = None

    def save(self) -> None:
        """Writes the memory where it has changed; what is half written is never seen."""
        content = msgspec.json.encode(self.memory)
        if content == self._saved:
            return
        try:
            whole_file.put(self._path, content, whole_file.PRIVATE)
            self._saved = content
        except OSError as error:
            self._unwritable(error)

    def _read(self) -> None:
        try:
            with open(self._path, "rb") as file:
                content = file.read(MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self._damage(error.strerror or type(error).__name__)
            return
        try:
            if len(content) > MAX_BYTES:
                raise ValueError("too large")
            memory = msgspec.json.decode(content, type=Memory)
            if memory.format != FORMAT:
                raise ValueError(f"format {memory.format}, this RunLens reads {FORMAT}")
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            self._damage(str(error))
            return
        (self.memory, self._saved) = (memory, content)

    def _damage(self, why: str) -> None:
        self.damaged = True
        self.notes.append(
            f"the state file cannot be read ({why}): what stands there now is taken as told"
        )

    def _unwritable(self, error: OSError) -> None:
        """Said once, whatever the next attempt says."""
        if not self._is_unwritable:
            why = error.strerror or type(error).__name__
            self.notes.append(
                f"the state file cannot be written ({why}): after a restart findings are told again"
            )
        self._is_unwritable = True


def _locked(file: IO[bytes]) -> bool:
    """Whether the lock is ours now. A file system that knows no locks lets everybody in."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
