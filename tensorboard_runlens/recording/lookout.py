"""Another process that looks at the run while it trains and says what is wrong: alarm.py, started and read here.

Judging takes modules that a training does not have to load, and may fail: none of that may happen in the training. Its
output goes through a file, not a pipe: loader processes that are forked meanwhile would keep a pipe open.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any, Callable, Optional

import tensorboard_runlens
from tensorboard_runlens.recording.guard import warn

MODULE = "tensorboard_runlens.alarm"

PACKAGE_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(tensorboard_runlens.__file__)))
"""Where the module is found, also where a script has put the package on its own path."""

PROGRAM = """
import sys
sys.path[:] = [*filter(None, sys.path), sys.argv.pop(1)]
import os, runpy
os.closerange(3, 65536)
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""
"""What ``-m`` does, but that nothing is imported from the folder in which the training was started, where a file may
have the name of any module, and that files are closed that some library left open to every process."""

MAX_SECONDS = 60
"""That a look may take: it takes one or two, on a network disk some more."""

MAX_BYTES = 2**18
"""Of a look's output: a finding is a few hundred bytes."""

LAST_WAIT = 2.0
"""Seconds that the end of a training waits for a look that was stopped."""

INTERPRETERS = ("python", "pypy")
"""How the names of programs begin that take ``-c``: of a frozen or embedding program sys.executable is that program,
which would be started once more."""

WITHOUT_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
LOW_PRIORITY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
"""Of Windows; elsewhere the process lowers its own priority."""

Guarded = Callable[[str, Callable[[], object]], object]


class Lookout:
    """Looks whenever it is asked to, one look at a time, and says each rule's finding once. A look that cannot be
    started costs nothing and is not mentioned."""

    def __init__(self, run_dir: str, guarded: Guarded) -> None:
        self._run_dir = os.path.abspath(run_dir)
        self._guarded = guarded
        self._lock = threading.Lock()
        self._wanted = False
        self._over = _children_are_watched() or not _is_interpreter(sys.executable)
        self._thread: Optional[threading.Thread] = None
        self._child: Optional[subprocess.Popen[bytes]] = None
        self._said: set[str] = set()

    def look(self) -> None:
        """Has another look made, after the one that goes on; does not wait for it."""
        with self._lock:
            self._wanted = not self._over
            if self._thread is None and self._wanted:
                thread = threading.Thread(
                    target=self._guarded,
                    args=("alarms", self._look_while_wanted),
                    name="runlens-alarms",
                    daemon=True,
                )
                with contextlib.suppress(RuntimeError):  # the system gives no more threads
                    thread.start()
                    self._thread = thread

    def end(self) -> None:
        """Stops a look that goes on; no other one begins."""
        with self._lock:
            (self._over, thread) = (True, self._thread)
            if self._child is not None:
                self._child.kill()
        if thread is not None:
            thread.join(LAST_WAIT)

    def _look_while_wanted(self) -> None:
        while self._take():
            with contextlib.suppress(OSError):
                self._say(self._output())

    def _take(self) -> bool:
        """Whether a look is wanted; where none is, the thread is as good as gone."""
        with self._lock:
            wanted = self._wanted and not self._over
            self._wanted = False
            if not wanted:
                self._thread = None
            return wanted

    def _output(self) -> bytes:
        """What a look prints. Raises OSError where it cannot be started."""
        with tempfile.TemporaryFile() as file:
            child = _started(self._run_dir, file)  # without the lock, so nobody waits for it
            self._keep(child)
            try:
                child.wait(MAX_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            finally:
                self._child = None
            file.seek(0)
            return file.read(MAX_BYTES)

    def _keep(self, child: subprocess.Popen[bytes]) -> None:
        """For ``end``, which may have been there just before."""
        with self._lock:
            self._child = child
            if self._over:
                child.kill()

    def _say(self, output: bytes) -> None:
        for rule, said in _findings(output):
            if rule not in self._said and not self._over:
                self._said.add(rule)
                warn(f"{said} [{rule}]")


def _started(run_dir: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Without a folder, a session or files of its own to close, so that Python spawns it: to fork it would wait on a
    pipe, which a loader's process that is forked at the same moment keeps open until the training is over."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, PACKAGE_FOLDER, MODULE, run_dir],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        close_fds=False,
        creationflags=WITHOUT_WINDOW | LOW_PRIORITY,
    )


def _children_are_watched() -> bool:
    """Whether a handler of the user's is told of every process that ends: what it does then, as raising an error where
    one of its own has died, it would do in the training. PyTorch's asks for its loaders' only."""
    handler = signal.getsignal(signal.SIGCHLD) if hasattr(signal, "SIGCHLD") else None
    return callable(handler) and not str(getattr(handler, "__module__", "")).startswith("torch.")


def _is_interpreter(path: Optional[str]) -> bool:
    name = os.path.basename(path or "").lower()
    return name.startswith(INTERPRETERS) and not getattr(sys, "frozen", False)


def _environment() -> dict[str, str]:
    """The training's own, with one thread for what would use several."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def _findings(output: bytes) -> Iterator[tuple[str, str]]:
    """(rule, what is said) of each complete line."""
    for line in output.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            found: dict[str, Any] = json.loads(line)
            yield (str(found["rule"]), str(found["said"]))
