"""The user's command gets hostile names as data, and nothing that it does stops the watch."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.report.text import printable
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.watching.commands import Commands, NoCommand, order_of, split
from tensorboard_runlens.watching.state_file import StateFile

DUMP = """
import json, os, sys
out = sys.argv[1]
said = {name: value for (name, value) in os.environ.items() if name.startswith("RUNLENS_")}
with open(out, "a", encoding="utf-8") as file:
    file.write(json.dumps([sys.stdin.buffer.read().decode("utf-8"), said, sys.argv[2:]]) + "\\n")
"""

HOSTILE = (
    'it\'s "quoted"',
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "two\nlines\r\nBcc: all",
    "-rf",
    "--help",
    "Größe 大きさ 🙂",
    "\u202egnp.exe",
    "nul\0inside",
    "tab\tand \x1b[31mred",
    "%PATH% ${HOME} ~ * ?",
    "x" * 5000,
)


def event(run: str = "run", summary: str = "Training loss is not a number.") -> WatchEvent:
    return WatchEvent(
        ok=True,
        schema=1,
        event="finding",
        at=1.0,
        logdir="runs",
        run=run,
        rule="non-finite",
        severity="critical",
        summary=summary,
        state="running",
        epoch=34,
        planned=None,
        advice=[],
    )


class Handed:
    """Events that are handed to a command, what was said meanwhile, and what the command dumped."""

    def __init__(self, folder: Path, program: list[str], timeout: float = 30.0) -> None:
        self.said: list[str] = []
        self.state = StateFile(str(folder / "state.json"))
        self.state.open()
        self.commands = Commands(program, timeout, "/data/runs", self.state, self.said.append)

    def over(self, *events: WatchEvent, seconds: float = 30.0) -> None:
        with self.state.lock:
            self.state.memory.waiting += map(order_of, events)
            self.state.save()
        self.commands.go_on()
        assert self.commands.done(seconds)


def python(folder: Path, code: str, *arguments: str) -> list[str]:
    script = folder / "a script.py"
    script.write_text(code)
    return split(shlex.join([sys.executable, str(script), *arguments]))


def dumped(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_hostile_names_reach_the_command_as_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    handed = Handed(tmp_path, python(tmp_path, DUMP, str(out)))
    handed.over(*[event(name, f"said of {name}") for name in HOSTILE])
    for name, (stdin, said, arguments) in zip(HOSTILE, dumped(out)):
        assert arguments == []
        assert (json.loads(stdin)["run"], stdin.count("\n")) == (name, 1)
        assert said["RUNLENS_RUN"] == printable(name)[:2000]
        assert said["RUNLENS_SUMMARY"] == printable(f"said of {name}")[:2000]
        assert not set("\0\n\r\x1b\u202e") & set("".join(said.values()))
    assert len(dumped(out)) == len(HOSTILE)
    assert not (tmp_path / "pwned").exists()
    assert handed.said == []


def test_what_the_command_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Handed(tmp_path, python(tmp_path, DUMP, str(out))).over(event())
    ((stdin, said, _),) = dumped(out)
    assert json.loads(stdin)["summary"] == "Training loss is not a number."
    assert {
        "RUNLENS_EVENT": "finding",
        "RUNLENS_RULE": "non-finite",
        "RUNLENS_SEVERITY": "critical",
        "RUNLENS_STATE": "running",
        "RUNLENS_EPOCH": "34",
        "RUNLENS_PLANNED": "",
        "RUNLENS_LOGDIR": "/data/runs",
    }.items() <= said.items()


def test_a_failing_command_is_said_each_time(tmp_path: Path) -> None:
    handed = Handed(tmp_path, python(tmp_path, "raise SystemExit(3)"))
    handed.over(event("a"), event("b"))
    assert [
        sentence.endswith(f"failed (3): {run} non-finite")
        for (sentence, run) in zip(handed.said, "ab")
    ] == [
        True,
        True,
    ]


def test_an_absent_command_is_said_once(tmp_path: Path) -> None:
    handed = Handed(tmp_path, [str(tmp_path / "not there")])
    handed.over(event("a"), event("b"))
    assert len(handed.said) == 1
    assert "cannot be run" in handed.said[0]
    assert str(tmp_path) not in handed.said[0]


@pytest.mark.parametrize("code", ["", "import sys; sys.stdin.close()", "import os; os.close(0)"])
def test_a_command_that_does_not_read_has_not_failed(tmp_path: Path, code: str) -> None:
    handed = Handed(tmp_path, python(tmp_path, code))
    handed.over(event(summary="x" * 500_000))
    assert handed.said == []


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
def test_a_hanging_command_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = (
        "import subprocess, sys, time\n"
        f"one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(child)!r}, 'w').write(str(one.pid))\n"
        "time.sleep(600)\n"
    )
    handed = Handed(tmp_path, python(tmp_path, code), timeout=6.0)
    handed.over(event("a"), seconds=60)
    assert [sentence.partition("took")[2] for sentence in handed.said] == [
        " more than 6 s: a non-finite"
    ]
    assert _is_gone(int(child.read_text()))


def _is_gone(pid: int) -> bool:
    """Whether a process has ended; it may still be listed for a moment."""
    for _ in range(50):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


def test_the_end_gives_the_running_command_a_moment_and_keeps_the_others(tmp_path: Path) -> None:
    handed = Handed(tmp_path, python(tmp_path, "import time; time.sleep(600)"))
    with handed.state.lock:
        handed.state.memory.waiting += [order_of(event(name)) for name in "abc"]
    handed.commands.go_on()
    while handed.commands._running is None:
        time.sleep(0.01)
    started = time.monotonic()
    assert handed.commands.end(0.5) == 2
    assert time.monotonic() - started < 60
    handed.state.close()
    again = StateFile(str(tmp_path / "state.json"))
    again.open()
    assert [one.variables["RUN"] for one in again.memory.waiting] == ["b", "c"]


@pytest.mark.parametrize("command", ["", "   ", "echo 'open"])
def test_what_is_no_command_is_refused(command: str) -> None:
    with pytest.raises(NoCommand):
        split(command)
