"""Keeps the recording's own faults away from the training."""

from __future__ import annotations

import contextlib
import logging
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

    def failed(self, part: str, error: Exception) -> None:
        """Switches a part off, and says why unless it was off."""
        if part in self._off:
            return
        self._off.add(part)
        with contextlib.suppress(Exception):  # a handler of the user's may fail, too
            warn(f"{part} not recorded any more, the training goes on: {reason(error)}")


def warn(said: str) -> None:
    """One line to the user."""
    logger.warning("RunLens: %s", said)


def reason(error: Exception) -> str:
    """Why something failed, without the path that an OSError would name."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}"
