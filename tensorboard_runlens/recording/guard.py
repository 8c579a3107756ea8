"""Keeps the recording's own faults away from the training."""

from __future__ import annotations

import contextlib
import logging
import signal
import traceback
from typing import Any, Callable, Optional, TypeVar

Result = TypeVar("Result")

logger = logging.getLogger("tensorboard_runlens")


class Guard:
    """Runs the parts of one recording; a part that fails says so once and stays off."""

    def __init__(self) -> None:
        self._off: set[str] = set()

    def run(self, part: str, body: Callable[..., Result], *arguments: Any) -> Optional[Result]:
        """What ``body`` returns of the arguments; None where this part is off. Raises no Exception; Ctrl-C passes."""
        if part in self._off:
            return None
        try:
            return body(*arguments)
        except Exception as error:
            self.failed(part, error)
        return None

    def attempt(self, part: str, body: Callable[..., Result], *arguments: Any) -> Optional[Result]:
        """What ``body`` returns, None where it fails: it is tried again the next time, and said the first time only."""
        try:
            return body(*arguments)
        except Exception as error:
            if from_a_signal(error):
                raise
            self.say(f"{part} not recorded this time, the training goes on: {reason(error)}")
        return None

    def failed(self, part: str, error: Exception) -> None:
        """Switches a part off, and says why unless it was off."""
        if from_a_signal(error):
            raise error
        if part in self._off:
            return
        self._off.add(part)
        warn(f"{part} not recorded any more, the training goes on: {reason(error)}")

    def say(self, said: Optional[str]) -> None:
        """Tells the user once."""
        if said is None or said in self._off:
            return
        self._off.add(said)
        warn(said)


def warn(said: str) -> None:
    """One line to the user."""
    with contextlib.suppress(Exception):  # a handler of the user's may fail, too
        logger.warning("RunLens: %s", said)


def from_a_signal(error: BaseException) -> bool:
    """Whether a signal handler of the user's raised it, as a time limit does, and happened to come just now."""
    handlers = map(signal.getsignal, signal.valid_signals())
    codes = {getattr(handler, "__code__", None) for handler in handlers} - {None}
    return any(frame.f_code in codes for (frame, _) in traceback.walk_tb(error.__traceback__))


def reason(error: Exception) -> str:
    """Why something failed, without the path that an OSError would name."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}"
