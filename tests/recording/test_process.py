"""Which process trains: told apart from every other that has, or had, its number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.recording import process
from tensorboard_runlens.recording.process import is_there, place, this_process

needs_linux = pytest.mark.skipif(
    not os.path.exists("/proc/self/ns/pid"), reason="only Linux tells a process from a later one"
)


def asked(told: dict[str, Any], **changed: Any) -> object:
    fields = {**told, **changed}
    return is_there(fields["pid"], fields["started"], fields["place"])


def told_by_another() -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """A process that has said which one it is, and then does something."""
    code = (
        "from tensorboard_runlens.recording.process import this_process as one; "
        "print(one(), flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return (child, eval(child.stdout.readline()))  # noqa: S307, printed above


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system without these files."""
    monkeypatch.setattr(process, "BOOT", "/nowhere")
    place.cache_clear()
    yield
    place.cache_clear()


@needs_linux
def test_this_process_is_there():
    told = this_process()
    assert told is not None
    assert told["pid"] == os.getpid()
    assert asked(told) is True


@needs_linux
def test_it_names_no_machine():
    told = this_process()
    assert told is not None
    assert set(told) == {"pid", "started", "place"}
    boot = Path(process.BOOT).read_text("utf-8").strip()
    assert boot not in str(told) and os.uname().nodename not in str(told["place"])


@needs_linux
@pytest.mark.parametrize("reaped", [False, True])
def test_a_killed_process_is_gone_also_before_its_parent_knows(reaped):
    (child, told) = told_by_another()
    assert asked(told) is True
    child.send_signal(signal.SIGKILL)
    if reaped:
        child.wait()
    else:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert asked(told) is False
    child.communicate()


@needs_linux
def test_a_later_process_of_the_same_number_is_another():
    told = this_process()
    assert told is not None
    assert asked(told, started=int(told["started"]) - 1) is False


@needs_linux
@pytest.mark.parametrize("pid", [2**22, 2**31, 2**70])
def test_a_number_that_no_process_has_is_gone(pid):
    told = this_process()
    assert told is not None
    assert asked(told, pid=pid) is False


@needs_linux
def test_of_another_place_nothing_is_known():
    told = this_process()
    assert told is not None
    assert asked(told, place="0" * 16) is None


@needs_linux
def test_somebody_elses_process_is_there_whatever_is_hidden_of_it(monkeypatch):
    def refuse(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    monkeypatch.setattr(process, "STAT", "/nowhere/{}")
    assert is_there(1, 0, place() or "") is True


def test_other_systems_tell_nothing(nowhere):
    assert place() is None
    assert this_process() is None
    assert is_there(os.getpid(), 1, "0" * 16) is None
