"""``runlens watch``: each new finding of a logdir, told once."""

from __future__ import annotations

import argparse
import logging
import math
import os
import sys
import time
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.analysis import SEVERITIES, Analysis
from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_json,
    takes_json,
)
from tensorboard_runlens.naming import own_name
from tensorboard_runlens.report import text
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.watching import events
from tensorboard_runlens.watching.commands import (
    TIMEOUT_S,
    Commands,
    NoCommand,
    order_of,
    split,
)
from tensorboard_runlens.watching.state_file import (
    AlreadyWatched,
    NoHome,
    StateFile,
    usual_path,
)
from tensorboard_runlens.watching.stopping import SLICE_S, Stopping
from tensorboard_runlens.watching.watch import Watch
from tensorboard_runlens.words import count

EVERY_S = 30.0
"""Seconds between two looks: an epoch of real data takes a minute."""

MAX_S = 7 * 86400.0
"""Longest time to wait for anything: a week. Systems wait for some 24 days at most."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logdir", metavar="LOGDIR")
    parser.add_argument(
        "--on", choices=SEVERITIES, default="warning", help="from which severity on (warning)"
    )
    parser.add_argument(
        "--exec",
        metavar="CMD",
        help="run for each: JSON on standard input, RUNLENS_SUMMARY and others in the environment",
    )
    parser.add_argument(
        "--exec-timeout",
        type=_seconds,
        default=TIMEOUT_S,
        metavar="SECONDS",
        help=f"how long CMD may take ({TIMEOUT_S:g})",
    )
    parser.add_argument(
        "--every",
        type=_seconds,
        default=EVERY_S,
        metavar="SECONDS",
        help=f"between two looks ({EVERY_S:g})",
    )
    parser.add_argument("--once", action="store_true", help="one look, for cron")
    parser.add_argument(
        "--from-now", action="store_true", help="tell only what comes after the very first look"
    )
    parser.add_argument("--state", metavar="FILE", help="what was told already is kept here")
    takes_json(parser)


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= MAX_S:
        raise argparse.ArgumentTypeError(f"{given[:20]} are no seconds to wait")
    return seconds


def _run(call: argparse.Namespace) -> int:
    logging.getLogger("tensorboard_runlens").addHandler(logging.NullHandler())  # said in a line
    program = _program(call.exec)
    state = _opened(call)
    try:
        return _Session(call, program, state).run()
    finally:
        state.close()


def _program(command: Optional[str]) -> Optional[Sequence[str]]:
    try:
        return None if command is None else split(command)
    except NoCommand as error:
        raise Unusable("bad_request", str(error)) from error


def _opened(call: argparse.Namespace) -> StateFile:
    try:
        state = StateFile(call.state or usual_path(call.logdir))
        state.open()
    except NoHome as error:
        raise Unusable(
            "bad_request", "no home folder for the state: give it a --state FILE"
        ) from error
    except AlreadyWatched as error:
        said = "is watched already; a second watch needs a --state FILE of its own"
        raise Unusable("bad_request", f"{own_name(call.logdir)} {said}") from error
    return state


def _say(sentence: str) -> None:
    print(f"runlens: {text.printable(sentence)}", file=sys.stderr, flush=True)


class _Session:
    """One call of the command, from its first look to its end."""

    def __init__(
        self, call: argparse.Namespace, program: Optional[Sequence[str]], state: StateFile
    ) -> None:
        self._call = call
        self._state = state
        self._stopping = Stopping()
        self._watch = Watch(call.logdir, call.on, state.memory)
        self._there = True
        self._noted = 0
        self._commands = (
            None
            if program is None
            else Commands(program, call.exec_timeout, call.logdir, state, _say)
        )

    def run(self) -> int:
        with self._stopping:
            self._begin()
            try:
                self._look()
                while not self._call.once and not self._stopping.asked:
                    self._stopping.wait(self._call.every)
                    if not self._stopping.asked:
                        self._look()
                if self._call.once:
                    self._wait_for_commands()
            finally:
                self._end_commands()
        return EXIT_DONE

    def _begin(self) -> None:
        """Commands that the last watch left behind are run first; without a command they come to nothing."""
        self._say_of_the_state()
        waiting = self._state.memory.waiting
        if self._commands:
            self._commands.begin()
        elif waiting:
            _say(f"{count(len(waiting), 'command')} of the last watch will not be run")
            waiting.clear()

    def _look(self) -> None:
        if self._is_there():
            analyses = self._stopping.unless_asked(lambda: self._watch.look(self._call.once))
            if analyses is not None:
                self._tell_of(analyses)

    def _tell_of(self, analyses: Sequence[Analysis]) -> None:
        """Notes what is new before it is told: what is told is never told again."""
        (memory, now) = (self._state.memory, time.time())
        silent = not memory.begun and (self._call.from_now or self._state.damaged)
        with self._state.lock:
            if silent:
                self._watch.take_as_known(analyses, now)
            new = self._watch.new(analyses, now)
            notes = self._watch.new_notes()
            memory.begun = True
            memory.waiting += map(order_of, new) if self._commands else ()
            self._state.save()
        self._tell(new, notes)

    def _tell(self, new: Sequence[WatchEvent], notes: Sequence[str]) -> None:
        for event in new:
            if self._call.json:
                print_json(event)
            else:
                print(events.line(event), flush=True)
        for note in notes:
            _say(note)
        self._say_of_the_state()
        if self._commands:
            self._commands.go_on()

    def _say_of_the_state(self) -> None:
        for note in self._state.notes[self._noted :]:
            _say(note)
        self._noted = len(self._state.notes)

    def _is_there(self) -> bool:
        """Whether the logdir is there; says so when that has changed."""
        there = os.path.isdir(self._call.logdir)
        if self._call.once and not there:
            raise Unusable("not_found", f"no such folder: {own_name(self._call.logdir)}")
        if there != self._there:
            name = own_name(self._call.logdir)
            _say(f"{name} is there" if there else f"no such folder: {name}; waiting for it")
        self._there = there
        return there

    def _wait_for_commands(self) -> None:
        while self._commands and not self._commands.done(SLICE_S) and not self._stopping.asked:
            pass

    def _end_commands(self) -> None:
        waiting = self._commands.end() if self._commands else 0
        if waiting:
            _say(f"{count(waiting, 'command')} not begun yet: at the next start")


COMMAND = Command("watch", "tells each new finding once, and runs your command", _arguments, _run)
