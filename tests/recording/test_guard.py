"""What the recording swallows, and what is not its own to swallow."""

from __future__ import annotations

import os
import signal

import pytest

from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.watched import Watched


class OutOfTimeError(Exception):
    """What a user's time limit raises."""


def fail():
    raise OSError("a fault of ours")


def limit():
    """Our code, in the middle of which the user's signal comes."""
    os.kill(os.getpid(), signal.SIGUSR1)


@pytest.fixture
def time_limit():
    def handler(number, frame):
        raise OutOfTimeError

    before = signal.signal(signal.SIGUSR1, handler)
    yield
    signal.signal(signal.SIGUSR1, before)


def test_a_part_that_fails_is_off(caplog):
    guard = Guard()
    guard.run("curves", fail)
    assert guard.run("curves", lambda: 1) is None
    assert guard.run("epochs", lambda: 2) == 2
    assert len(caplog.records) == 1


def test_an_attempt_that_fails_is_made_again(caplog):
    guard = Guard()
    guard.attempt("curves", fail)
    guard.attempt("curves", fail)
    assert guard.attempt("curves", lambda: 1) == 1
    assert len(caplog.records) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal on this system")
@pytest.mark.parametrize("run", ["run", "attempt"])
def test_a_signal_of_the_users_passes(time_limit, run):
    with pytest.raises(OutOfTimeError):
        getattr(Guard(), run)("curves", limit)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal on this system")
def test_a_signal_passes_where_a_method_is_watched(time_limit):
    class Validator:
        def get_stats(self):
            return {}

    validator = Validator()
    Watched(validator, "get_stats", before=limit)
    with pytest.raises(OutOfTimeError):
        validator.get_stats()
