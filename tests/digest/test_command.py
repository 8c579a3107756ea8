"""``runlens digest`` as people call it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.cli import main
from tensorboard_runlens.schema.digest import DigestAnswer
from tests.builders import decoded, write

from .nights import HOUR, training

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    training(tmp_path / "done", ended=time.time() - 2 * HOUR)
    return tmp_path


def test_the_text_begins_with_the_headline(logdir: Path, capsys: Capture) -> None:
    assert main(["digest", str(logdir)]) == 0
    assert capsys.readouterr().out.startswith("1 finished; no sign of a training since ")


@pytest.mark.parametrize("call", [["--json"], ["--format", "json"], ["--json", "--format", "md"]])
def test_the_json_is_asked_for_either_way(logdir: Path, capsys: Capture, call: list[str]) -> None:
    assert main(["digest", str(logdir), *call]) == 0
    answer = decoded(capsys.readouterr().out, DigestAnswer)
    assert [one.run for one in answer.finished] == ["done"]
    assert answer.logdir == logdir.name
    assert answer.until - answer.since == pytest.approx(12 * HOUR)


@pytest.mark.parametrize(("form", "begin"), [("md", "# Digest of "), ("html", "<!doctype html>")])
def test_what_a_mail_takes(logdir: Path, capsys: Capture, form: str, begin: str) -> None:
    assert main(["digest", str(logdir), "--format", form]) == 0
    out = capsys.readouterr().out
    assert out.startswith(begin)
    assert "<script" not in out
    assert str(logdir) not in out


def test_since_says_how_far_back(logdir: Path, capsys: Capture) -> None:
    main(["digest", str(logdir), "--since", "90m", "--json"])
    assert json.loads(capsys.readouterr().out)["finished"] == []


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["LOGDIR", "--since", "yesterday"], "bad_request"),
        (["LOGDIR", "--since", "2999-01-01"], "bad_request"),
        (["LOGDIR", "--format", "pdf"], "bad_request"),
        (["LOGDIR/nowhere"], "not_found"),
        (["LOGDIR/empty"], "unreadable"),
        ([], "bad_request"),
    ],
)
def test_what_cannot_be_done_is_said(
    logdir: Path, capsys: Capture, call: list[str], code: str
) -> None:
    (logdir / "empty").mkdir()
    given = [word.replace("LOGDIR", str(logdir)) for word in call]
    assert main(["digest", *given, "--json"]) == 2
    said = capsys.readouterr()
    assert decoded(said.out, schema.ErrorAnswer).error.code == code
    assert said.err.startswith("runlens: ")


@pytest.mark.parametrize("form", [["--format", "json"], ["--format=json"]])
def test_a_refusal_is_json_too_however_that_was_asked_for(
    tmp_path: Path, capsys: Capture, form: list[str]
) -> None:
    assert main(["digest", str(tmp_path / "nowhere"), *form]) == 2
    answer = decoded(capsys.readouterr().out, schema.ErrorAnswer)
    assert answer.error.code == "not_found"


def test_what_could_not_be_read_is_counted(logdir: Path, capsys: Capture) -> None:
    write(logdir / "damaged" / "results.csv", bytes(range(256)) * 20)
    main(["digest", str(logdir)])
    assert "1 folder could not be read: runlens scan says why." in capsys.readouterr().out
