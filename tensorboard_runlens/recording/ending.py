"""That a training is over, and why: RUN/runlens/ended.json.

It is reserved when the training begins, since a full disk takes nothing new but lets what is there be overwritten.
Where nobody tells of the end (the framework's older releases after an error, a loop without ``with``) the end of the
process does. One that is killed writes nothing: then the file still says that the training goes on, and process.py that
it cannot.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any, Optional

from tensorboard_runlens.last_words import DISK_FULL, ERROR, KILLED, OUT_OF_MEMORY, ending
from tensorboard_runlens.recording.guard import from_a_signal
from tensorboard_runlens.recording.layout import ENDED, OVER
from tensorboard_runlens.recording.store import Store

MAX_ERROR = 200
"""Characters of an exception's first line that are kept."""

MAX_CHAIN = 10
"""Exceptions behind an exception that are asked for what began it."""

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
CODES_OF_SIGNALS = range(129, 193)
"""128 and the signal's number: how shells, and handlers that imitate them, say that one ended a process."""


class Ending:
    """The end of one training, of which ``source`` is the trainer or recorder. ``epoch`` is the last one that began."""

    def __init__(self, store: Store, source: object) -> None:
        self.epoch: Optional[int] = None
        self._store = store
        self._source = id(source)  # not the source: what failed has to be freed
        self._handled = id(None)
        self._process: Optional[int] = None

    def begin(self) -> None:
        """Reserves the file, which takes back an earlier end, and waits for the end of the process."""
        if self._process is None:
            self._process = os.getpid()
            self._handled = id(sys.exc_info()[1])
            atexit.register(self._at_exit)
            self._store.overwrite(ENDED, None)

    def forget(self) -> None:
        """Waits no longer."""
        self._process = None
        atexit.unregister(self._at_exit)

    def over(self) -> None:
        """The training came to its end by itself."""
        self._write(OVER)

    def broke_off(self, error: Optional[BaseException]) -> None:
        """It did not; the exception is the one that ended it, None where nobody knows it."""
        if error is None:
            self._write(None)
        else:
            self._write(why(error), said(error))

    def leave(self) -> None:
        """Either, as the training is left just now. An exception that is being handled since before it began is none of
        its own: a user may train again after an error."""
        error = sys.exc_info()[1]
        if error is None or id(error) == self._handled:
            self.over()
        else:
            self.broke_off(error)

    def _ended_by(self, error: Optional[BaseException]) -> bool:
        """Whether an exception came out of this training: code that knows its source was left by it."""
        frames = traceback.walk_tb(None if error is None else error.__traceback__)
        return any(
            id(value) == self._source for (frame, _) in frames for value in frame.f_locals.values()
        )

    def _at_exit(self) -> None:
        """In a copy of the process, which may end long before the training, nothing."""
        if os.getpid() != self._process:
            return
        error = getattr(sys, "last_value", None)
        with contextlib.suppress(Exception):
            self.broke_off(error if self._ended_by(error) else None)

    def _write(self, reason: Optional[str], error: Optional[str] = None) -> None:
        self.forget()
        fields = {"epoch": self.epoch, "why": reason, "error": error, "at": time.time()}
        self._store.overwrite(ENDED, fields)


def why(error: BaseException) -> Optional[str]:
    """out_of_memory, killed, disk_full, stopped_by_user or error; None where the script meant it to end."""
    if isinstance(error, SystemExit):
        return _of_exit(error)
    words = (_word(one) for one in _behind(error))
    return next((word for word in words if word != ERROR), ERROR)


def _of_exit(error: SystemExit) -> Optional[str]:
    if from_a_signal(error) or error.code in CODES_OF_SIGNALS:
        return KILLED
    return None if error.code in (None, 0) else ERROR


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The exception, then those that it was raised from or while."""
    one: Optional[BaseException] = error
    for _ in range(MAX_CHAIN):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _word(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    if isinstance(error, OSError) and error.errno in FULL:
        return DISK_FULL
    return ending(_printed(error)) or ERROR


def said(error: BaseException) -> str:
    """Type and first line of the message. Paths are cut where it is written."""
    return _printed(error)[:MAX_ERROR]


def _printed(error: Any) -> str:
    """Its last line in a traceback; an exception whose message cannot be made has a name still."""
    name = type(error).__name__
    try:
        message = str(error).strip().partition("\n")[0]
    except Exception:
        message = ""
    return f"{name}: {message}" if message else name
