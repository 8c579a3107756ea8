"""``runlens watch`` as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

RUNLENS = [sys.executable, "-m", "tensorboard_runlens.cli", "watch"]
SECONDS = 120.0
"""How long a line may take on a machine that runs all other tests, too."""


class Process:
    """A watch that runs, looks every fifth of a second, and what it has printed so far."""

    def __init__(self, logdir: Path, *arguments: str) -> None:
        state = ["--every", "0.2", "--state", str(logdir.parent / "state.json")]
        self.process = subprocess.Popen(
            [*RUNLENS, str(logdir), *state, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        (self.out, self.err) = ([], [])  # type: tuple[list[str], list[str]]
        self._readers = [
            threading.Thread(target=lines.extend, args=(stream,), daemon=True)
            for (lines, stream) in (
                (self.out, self.process.stdout),
                (self.err, self.process.stderr),
            )
        ]
        for reader in self._readers:
            reader.start()

    def ends(self, number: signal.Signals) -> int:
        """Sends a signal; returns the exit code, with all output read."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        for reader in self._readers:
            reader.join(SECONDS)
        return code


def wait_for(what: Callable[[], Any]) -> None:
    until = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)
