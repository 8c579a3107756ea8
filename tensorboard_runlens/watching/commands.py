"""The user's own command, run for each event: mail, chat and phone are up to it.

Names and summaries come from strangers' files. They reach the command as data only, in its environment and as JSON on
its standard input; no shell is asked, and nothing of them becomes part of a command line.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Callable, Optional, Union

import msgspec

from tensorboard_runlens.report.text import printable
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.watching.memory import Order
from tensorboard_runlens.watching.state_file import StateFile

TIMEOUT_S = 60.0
"""How long a command may take, unless the user says otherwise: a mail server answers within seconds."""

GRACE_S = 5.0
"""What is left to the command that runs when the watch is asked to end."""

MAX_CHARACTERS = 2000
"""Of a value in the environment: systems cap all of it together, the smallest at 32,767."""

NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""A command has a group of its own: Ctrl-C is for the watch, and all that it has started can be ended with it. This is
how Windows says so, elsewhere a new session does."""

Say = Callable[[str], None]


class NoCommand(ValueError):
    """What the user gave as a command is none; the message says why."""


def split(command: str) -> list[str]:
    """A command line as a program and its arguments, quoted as in a shell. Raises NoCommand."""
    try:
        parts = shlex.split(command, posix=os.name == "posix")
    except ValueError as error:
        raise NoCommand(f"the command cannot be read: {error}") from error
    if not parts:
        raise NoCommand("the command is empty")
    return parts


def order_of(event: WatchEvent) -> Order:
    """What the command is told of an event. In the variables control and direction characters are replaced: a line
    break in a subject begins a new header of a mail."""
    said: dict[str, Union[str, int, None]] = {
        "EVENT": event.event,
        "RUN": event.run,
        "RULE": event.rule,
        "SEVERITY": event.severity,
        "SUMMARY": event.summary,
        "STATE": event.state,
        "EPOCH": event.epoch,
        "PLANNED": event.planned,
        "ADVICE": event.advice[0].text if event.advice else None,
    }
    values = {
        name: printable("" if value is None else str(value))[:MAX_CHARACTERS]
        for (name, value) in said.items()
    }
    return Order(msgspec.json.encode(event).decode("utf-8"), values)


class Commands:
    """Runs a command for every order that waits in the memory of ``state``, one after the other in a thread of its own.

    An order is struck off before its command begins, so that a restart repeats none. What goes wrong is ``say``'s.
    """

    def __init__(
        self, program: Sequence[str], timeout: float, logdir: str, state: StateFile, say: Say
    ) -> None:
        self._program = list(program)
        self._timeout = timeout
        self._logdir = logdir
        self._state = state
        self._say = say
        self._absent = False
        self._ending = False
        self._busy = False
        self._running: Optional[subprocess.Popen[bytes]] = None
        self._work = threading.Semaphore(0)
        self._idle = threading.Condition()
        self._thread = threading.Thread(target=self._serve, name="runlens-exec", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Runs what waits already; says at once, and not only in the night, that there is no such program."""
        if shutil.which(self._program[0]) is None:
            self._refused(FileNotFoundError(0, "not found, or not executable"))
        self.go_on()

    def go_on(self) -> None:
        """There may be new orders in the memory."""
        self._work.release()

    def done(self, seconds: float) -> bool:
        """Whether no command is waiting or running any more; waits at most so long."""
        with self._idle:
            return self._idle.wait_for(self._all_done, seconds)

    def end(self, seconds: float = GRACE_S) -> int:
        """Ends after the command that runs, which has so many seconds left; returns how many have not begun."""
        self._ending = True
        self._work.release()
        self._thread.join(seconds)
        if self._thread.is_alive() and self._running is not None:
            self._say(f"the command {self._shown()} is ended, since the watch ends")
            _kill(self._running)
            self._thread.join(1.0)
        with self._state.lock:
            return len(self._state.memory.waiting)

    def _all_done(self) -> bool:
        return not self._state.memory.waiting and not self._busy

    def _serve(self) -> None:
        while not self._ending:
            order = self._next()
            if order is None:
                self._work.acquire()
                continue
            self._run(order)
            with self._idle:
                self._busy = False
                self._idle.notify_all()

    def _next(self) -> Optional[Order]:
        with self._state.lock:
            if not self._state.memory.waiting:
                return None
            self._busy = True
            order = self._state.memory.waiting.pop(0)
            self._state.save()
            return order

    def _run(self, order: Order) -> None:
        try:
            self._running = subprocess.Popen(
                self._program,
                stdin=subprocess.PIPE,
                stdout=sys.__stderr__ or subprocess.DEVNULL,
                env=self._environment(order),
                start_new_session=True,
                creationflags=NEW_GROUP,
            )
        except (OSError, ValueError) as error:
            self._refused(error)
            return
        self._wait_for(self._running, order)

    def _wait_for(self, process: subprocess.Popen[bytes], order: Order) -> None:
        try:
            process.communicate(f"{order.line}\n".encode(), self._timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()
            self._say(
                f"the command {self._shown()} took more than {self._timeout:g} s: {_about(order)}"
            )
            return
        except OSError as error:  # it closed its input before reading it, which is no failure
            process.wait()
            if not isinstance(error, BrokenPipeError):
                self._refused(error)
        if process.returncode and not self._ending:
            self._say(f"the command {self._shown()} failed ({process.returncode}): {_about(order)}")

    def _refused(self, error: Exception) -> None:
        """Said once: a program that is not there is not there for the next event either."""
        if not self._absent:
            why = error.strerror if isinstance(error, OSError) else str(error)
            self._say(f"the command {self._shown()} cannot be run: {why}")
        self._absent = True

    def _environment(self, order: Order) -> dict[str, str]:
        said = {f"RUNLENS_{name}": value for (name, value) in order.variables.items()}
        return {**os.environ, **said, "RUNLENS_LOGDIR": self._logdir}

    def _shown(self) -> str:
        return os.path.basename(self._program[0])


def _about(order: Order) -> str:
    return " ".join(order.variables.get(name, "") for name in ("RUN", "RULE"))


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
