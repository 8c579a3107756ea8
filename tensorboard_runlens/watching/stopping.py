"""Ctrl-C and SIGTERM: a wait ends, a look is given up, and what is being told is told to its end."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any, Callable, Optional, TypeVar

SLICE_S = 0.5
"""Longest single wait: Windows hears Ctrl-C only between two of them."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)

T = TypeVar("T")


class _GivenUp(BaseException):
    """Ends what can be done again at the next start."""


class Stopping:
    """Whether somebody has asked for the end; listens while it is entered, in the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._can_give_up = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stopping:
        self._before = {number: signal.signal(number, self._ask) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Waits so long, or until the end is asked for."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            self._asked.wait(min(left, SLICE_S))

    def unless_asked(self, work: Callable[[], T]) -> Optional[T]:
        """What ``work`` returns; None where it was given up since the end was asked for."""
        self._can_give_up = True
        try:
            return work()
        except _GivenUp:
            return None
        finally:
            self._can_give_up = False

    def _ask(self, *_: object) -> None:
        self._asked.set()
        if self._can_give_up:
            self._can_give_up = False
            raise _GivenUp
