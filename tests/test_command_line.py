"""The command line as people and CI call it: exit codes, JSON on every way out, one line of reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.cli import main

from .builders import decoded
from .rules import trainings
from .rules.trainings import HEALTHY, first, write

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write(HEALTHY, tmp_path / "train10")
    write(trainings.OVERFITTED, tmp_path / "train2")
    write(first(HEALTHY, 3), tmp_path / "short")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "results.csv").write_bytes(bytes(range(256)) * 20)
    return tmp_path


def answer(out: str) -> Any:
    return json.loads(out)


def test_scan_lists_every_run_best_first_and_what_is_unreadable(
    logdir: Path, capsys: Capture
) -> None:
    assert main(["scan", str(logdir), "--json"]) == 0
    found = decoded(capsys.readouterr().out, schema.ScanAnswer)
    values = [run.main_metric.value for run in found.runs if run.main_metric]
    assert [run.name for run in found.runs] == ["train10", "train2", "short"]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert [one.path for one in found.unreadable] == ["damaged"]
    assert "not text" in found.unreadable[0].reason


def test_show_has_the_series_and_scan_has_not(logdir: Path, capsys: Capture) -> None:
    main(["show", str(logdir / "train2"), "--json"])
    run = answer(capsys.readouterr().out)["run"]
    assert run["series"]["epoch"] == list(range(1, 61))
    assert set(run["series"]["train"]) == {"box"}
    main(["scan", str(logdir), "--json"])
    assert all("series" not in run for run in answer(capsys.readouterr().out)["runs"])


@pytest.mark.parametrize(("level", "code"), [("info", 1), ("warning", 1), ("critical", 0)])
def test_fail_on_decides_the_exit_code(
    logdir: Path, capsys: Capture, level: str, code: int
) -> None:
    assert main(["scan", str(logdir), "--fail-on", level]) == code


def test_fail_on_ignores_findings_of_low_confidence(tmp_path: Path) -> None:
    write(
        first(HEALTHY, 14).changed(map50_95=[0.5, 0.501] * 4 + [0.45, 0.451] * 3), tmp_path / "run"
    )
    assert main(["scan", str(tmp_path), "--fail-on", "warning"]) == 0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["scan", "nowhere"], "not_found"),
        (["show", "nowhere"], "not_found"),
        (["scan", "."], "unreadable"),
        (["show", "."], "unreadable"),
        (["scan"], "bad_request"),
        (["scan", ".", "--fail-on", "disaster"], "bad_request"),
        (["frobnicate"], "bad_request"),
    ],
)
def test_what_cannot_be_used_is_said_in_json_and_in_one_line(
    call: list[str], code: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*call, "--json"]) == 2
    printed = capsys.readouterr()
    failure = decoded(printed.out, schema.ErrorAnswer)
    assert failure.error.code == code
    assert len(printed.err.strip().splitlines()) == 1
    assert str(tmp_path) not in printed.out


def test_a_hostile_name_does_not_reach_the_terminal(tmp_path: Path, capsys: Capture) -> None:
    write(HEALTHY, tmp_path / "red\x1b[31m\u202etxt.exe")
    assert main(["scan", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_text_answers_name_health_and_findings(logdir: Path, capsys: Capture) -> None:
    main(["scan", str(logdir)])
    scan = capsys.readouterr().out
    assert "▲ train2" in scan
    assert "could not be read: damaged" in scan
    main(["show", str(logdir / "train2")])
    shown = capsys.readouterr().out
    assert "[warning, moderate confidence] Validation loss has risen" in shown
    assert "(overfitting)" in shown


def test_a_settings_file_changes_the_judgement_and_its_mistakes_are_said(
    logdir: Path, capsys: Capture
) -> None:
    (logdir / "runlens.yaml").write_text("rules: {overfitting: off, plateau: perhaps}\n")
    main(["scan", str(logdir)])
    out = capsys.readouterr().out
    assert "Overfits" not in out
    assert "note: runlens.yaml, line 1: rules: plateau must be off" in out


def test_names_of_nothing_in_the_settings_are_said(logdir: Path, capsys: Capture) -> None:
    (logdir / "runlens.yaml").write_text("rules: {overfiting: off, overfitting: {exces_min: 1}}\n")
    main(["scan", str(logdir)])
    out = capsys.readouterr().out
    assert "no rule called overfiting" in out
    assert "overfitting has no limit called exces_min" in out


def test_settings_that_are_no_plain_file_are_not_read(logdir: Path, capsys: Capture) -> None:
    os.mkfifo(logdir / "runlens.yaml")
    assert main(["scan", str(logdir)]) == 0
    assert "note: runlens.yaml is no plain file" in capsys.readouterr().out


def test_json_is_utf8_and_text_survives_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    write(HEALTHY, tmp_path / "配置")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    for extra in ([], ["--json"]):
        call = [sys.executable, "-m", "tensorboard_runlens.cli", "scan", str(tmp_path), *extra]
        done = subprocess.run(call, capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["runs"][0]["name"] == "配置"


def test_a_folder_whose_name_is_no_text_is_refused_in_json(capsys: Capture) -> None:
    assert main(["show", os.fsdecode(b"\xff\xfe"), "--json"]) == 2
    assert answer(capsys.readouterr().out)["error"]["code"] == "not_found"


def test_options_are_not_guessed_from_their_beginnings(logdir: Path, capsys: Capture) -> None:
    assert main(["scan", str(logdir), "--js"]) == 2


def test_rules_are_listed_and_explained(capsys: Capture) -> None:
    assert main(["rules"]) == 0
    assert "overfitting" in capsys.readouterr().out
    assert main(["rules", "overfitting"]) == 0
    assert "## How it decides" in capsys.readouterr().out
    assert main(["rules", "nonsense"]) == 2


def test_a_closed_pipe_is_no_error(logdir: Path) -> None:
    command = f"'{sys.executable}' -m tensorboard_runlens.cli scan '{logdir}' | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_numbers_have_six_digits_and_nothing_is_nan(logdir: Path, capsys: Capture) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    main(["show", str(logdir / "train10"), "--json"])
    run = json.loads(capsys.readouterr().out, parse_constant=refuse)["run"]
    for value in run["totals"]["val"]:
        assert value == float(f"{value:.6g}")


def test_ctrl_c_is_a_line_and_no_traceback(
    logdir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tensorboard_runlens.command_line.judged.Catalog", interrupted)
    assert main(["scan", str(logdir), "--json"]) == 2
    said = capsys.readouterr()
    assert decoded(said.out, schema.ErrorAnswer).error.message == "interrupted"
    assert said.err == "runlens: interrupted\n"
