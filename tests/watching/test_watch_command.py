"""``runlens watch`` as a process: what it prints, that a restart repeats nothing, and how it ends."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.schema.watch import WatchEvent
from tests.builders import decoded
from tests.rules.trainings import HEALTHY, NOT_A_NUMBER, OVERFITTED, write

from .logdirs import running, silent
from .processes import SECONDS, Process, wait_for

Capture = pytest.CaptureFixture[str]

posix = pytest.mark.skipif(os.name != "posix", reason="signals and process groups are POSIX")

NIGHT = HEALTHY.changed(train=[1.3 * one for one in HEALTHY.train])
DIED = NIGHT.changed(args={"epochs": 100, "patience": 50})
"""Other trainings than the healthy one, which would otherwise be taken for their continuation."""


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Two old runs, one of them overfitted."""
    write(HEALTHY, tmp_path / "runs" / "healthy")
    write(OVERFITTED, tmp_path / "runs" / "overfitted")
    return tmp_path / "runs"


@pytest.fixture
def once(logdir: Path, capsys: Capture) -> Callable[..., list[str]]:
    """One look with these arguments, and the lines that it printed."""

    def look(*arguments: str) -> list[str]:
        state = str(logdir.parent / "state.json")
        assert main(["watch", str(logdir), "--once", "--state", state, *arguments]) == 0
        return capsys.readouterr().out.splitlines()

    return look


@pytest.fixture
def watching(logdir: Path) -> Iterator[Callable[..., Process]]:
    """Starts watches, and ends what is left of them."""
    started: list[Process] = []

    def start(*arguments: str) -> Process:
        started.append(Process(logdir, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def dumping(folder: Path, before: str = "") -> tuple[list[str], Path]:
    """(--exec and a command that appends the run of each event to a file, this file)."""
    (script, out) = (folder / "command.py", folder / "told")
    script.write_text(
        f"{before}\nimport os\nopen({str(out)!r}, 'a').write(os.environ['RUNLENS_RUN'] + '\\n')\n"
    )
    return (["--exec", shlex.join([sys.executable, str(script)])], out)


def runs_in(out: Path) -> list[str]:
    return out.read_text().splitlines() if out.exists() else []


def test_a_finding_is_one_line_and_told_once(once: Callable[..., list[str]]) -> None:
    (line,) = once()
    assert line[4] == line[7] == "-"
    assert line[21:].startswith("warning    overfitted  overfitting  Validation loss has risen")
    assert once() == []


def test_json_is_an_object_a_line(once: Callable[..., list[str]]) -> None:
    (line,) = once("--json")
    event = decoded(line, WatchEvent)
    assert (event.run, event.rule, event.logdir) == ("overfitted", "overfitting", "runs")


def test_from_now_notes_what_stands_there_at_the_very_first_look_only(
    once: Callable[..., list[str]], logdir: Path
) -> None:
    assert once("--from-now") == []
    write(DIED, logdir / "died")
    (line,) = once("--from-now")
    assert "died  interrupted" in line


def test_a_steady_finding_is_told_by_single_looks_too(
    once: Callable[..., list[str]], logdir: Path
) -> None:
    once()
    running(OVERFITTED, logdir / "night", 58)
    assert once() == []
    running(OVERFITTED, logdir / "night", 59)
    assert ["night  overfitting" in line for line in once()] == [True]


def test_terminals_get_no_control_characters(once: Callable[..., list[str]], logdir: Path) -> None:
    write(OVERFITTED, logdir / "\x1b[31mred\n\u202e")
    assert [line for line in once() if "\x1b" in line or "\u202e" in line] == []


def test_one_look_waits_for_its_commands(
    once: Callable[..., list[str]], tmp_path: Path, logdir: Path
) -> None:
    write(DIED, logdir / "died")
    (command, out) = dumping(tmp_path, "import time; time.sleep(0.5)")
    once(*command)
    assert sorted(runs_in(out)) == ["died", "overfitted"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--exec", "echo 'open"],
        ["--every", "0"],
        ["--every", "nan"],
        ["--exec-timeout", "-1"],
        ["--exec-timeout", "1e10"],
        ["--on", "fatal"],
    ],
)
def test_a_wrong_call_is_refused_in_a_line(
    wrong: Sequence[str], logdir: Path, capsys: Capture
) -> None:
    assert main(["watch", str(logdir), "--once", *wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_command_that_is_not_there_is_said_before_there_is_a_finding(
    logdir: Path, capsys: Capture
) -> None:
    state = str(logdir.parent / "state.json")
    call = ["watch", str(logdir), "--once", "--from-now", "--state", state]
    assert main([*call, "--exec", "./no-such --now"]) == 0
    said = capsys.readouterr().err
    assert said == "runlens: the command no-such cannot be run: not found, or not executable\n"


def test_one_look_at_nothing_is_an_error(tmp_path: Path, capsys: Capture) -> None:
    state = str(tmp_path / "state.json")
    assert main(["watch", str(tmp_path / "absent"), "--once", "--state", state]) == 2
    assert "no such folder: absent" in capsys.readouterr().err


def test_a_damaged_run_and_state_are_said_once(
    once: Callable[..., list[str]], logdir: Path, capsys: Capture
) -> None:
    (logdir / "damaged").mkdir()
    (logdir / "damaged" / "results.csv").write_bytes(bytes(range(256)) * 20)
    (logdir.parent / "state.json").write_text("no state")
    state = str(logdir.parent / "state.json")
    assert main(["watch", str(logdir), "--once", "--state", state]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
    once()
    assert capsys.readouterr().err == ""


@posix
def test_the_state_is_kept_outside_the_logdir(
    logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    before = sorted(logdir.rglob("*"))
    assert main(["watch", str(logdir), "--once"]) == 0
    assert sorted(logdir.rglob("*")) == before
    assert len(list((tmp_path / "home" / "runlens").glob("watch-*.json"))) == 1


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_a_restart_repeats_nothing(
    watching: Callable[..., Process], logdir: Path, number: signal.Signals
) -> None:
    first = watching()
    wait_for(lambda: first.out)
    running(NOT_A_NUMBER, logdir / "night", 34)
    wait_for(lambda: "non-finite" in first.out[-1])
    assert first.ends(number) == 0
    assert first.err == []
    second = watching()
    running(OVERFITTED.changed(args={"seed": 1}), logdir / "other", 60)
    wait_for(lambda: second.out)
    assert second.ends(number) == 0
    told = [line.split("  ")[2:4] for line in (*first.out, *second.out)]
    assert [one for one in told if told.count(one) > 1] == []


@posix
def test_killed_between_two_commands_it_repeats_none_and_runs_the_rest(
    watching: Callable[..., Process], logdir: Path, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        write(DIED, logdir / name)
    (command, out) = dumping(tmp_path)
    hanging = "import time, os\ntime.sleep(0 if os.environ['RUNLENS_RUN'] != 'b' else 600)"
    (slow, _) = dumping(tmp_path, hanging)
    first = watching(*slow)
    state = tmp_path / "state.json"

    def b_has_begun() -> bool:
        waiting = json.loads(state.read_text())["waiting"] if state.exists() else []
        return [one["variables"]["RUN"] for one in waiting][:1] == ["c"]

    wait_for(b_has_begun)
    first.ends(signal.SIGKILL)
    dumping(tmp_path)
    second = watching(*command)
    wait_for(lambda: "overfitted" in runs_in(out))
    second.ends(signal.SIGTERM)
    assert runs_in(out) == ["a", "c", "overfitted"]
    assert second.out == []


@posix
def test_asked_to_end_it_says_what_was_not_run_and_runs_it_later(
    watching: Callable[..., Process], logdir: Path, tmp_path: Path
) -> None:
    write(DIED, logdir / "a")
    (command, out) = dumping(tmp_path, "import time; time.sleep(600)")
    first = watching(*command)
    wait_for(lambda: len(first.out) == 2)
    assert first.ends(signal.SIGTERM) == 0
    assert "runlens: 1 command not begun yet: at the next start\n" in first.err
    assert runs_in(out) == []


@posix
@pytest.mark.parametrize(
    ("command", "said"),
    [("false", "failed (1)"), ("sleep 60", "took more than 0.3 s"), ("./no such", "cannot be run")],
)
def test_a_command_that_goes_wrong_never_stops_the_watch(
    watching: Callable[..., Process], logdir: Path, command: str, said: str
) -> None:
    process = watching("--exec", command, "--exec-timeout", "0.3")
    wait_for(lambda: [line for line in process.err if said in line])
    running(NOT_A_NUMBER, logdir / "night", 34)
    wait_for(lambda: len(process.out) > 1)
    assert process.ends(signal.SIGTERM) == 0
    assert [line for line in process.err if "Traceback" in line] == []


@posix
def test_a_second_watch_of_the_same_logdir_is_refused(
    watching: Callable[..., Process], logdir: Path
) -> None:
    first = watching()
    wait_for(lambda: first.out)
    second = watching()
    assert second.process.wait(SECONDS) == 2
    wait_for(lambda: second.err)
    assert "is watched already" in second.err[0]


@posix
def test_a_logdir_that_comes_and_goes_is_waited_for(
    watching: Callable[..., Process], logdir: Path
) -> None:
    elsewhere = logdir.with_name("unmounted")
    logdir.rename(elsewhere)
    process = watching()
    wait_for(lambda: process.err)
    elsewhere.rename(logdir)
    wait_for(lambda: process.out)
    logdir.rename(elsewhere)
    wait_for(lambda: len(process.err) == 3)
    assert process.ends(signal.SIGTERM) == 0
    assert [line.split("; ")[0].strip() for line in process.err] == [
        "runlens: no such folder: runs",
        "runlens: runs is there",
        "runlens: no such folder: runs",
    ]
    assert len(process.out) == 1


@posix
def test_a_training_watched_from_its_start_to_its_death_and_back(
    watching: Callable[..., Process], logdir: Path
) -> None:
    (process, run) = (watching("--on", "info"), logdir / "night")

    def has_said(what: str) -> bool:
        return any(f"{what} " in line and " night " in line for line in process.out)

    running(NIGHT, run, 20)
    wait_for(lambda: process.out)
    silent(run)
    wait_for(lambda: has_said("interrupted"))
    running(NIGHT, run, 30)
    wait_for(lambda: has_said("withdrawn"))
    running(NIGHT, run, 60)
    wait_for(lambda: has_said("finished"))
    assert process.ends(signal.SIGTERM) == 0
    words = [line.split()[2:5] for line in process.out if " night " in line]
    assert words[:2] == [["warning", "night", "interrupted"], ["withdrawn", "night", "interrupted"]]
    assert words[-1][:2] == ["finished", "night"]
