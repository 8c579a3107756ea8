"""The route ``digest``: what ``runlens digest --json`` says, kept for a minute."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.schema.digest import DigestAnswer
from tests.comparison.runs import rising
from tests.digest.nights import HOUR, training

from ..builders import decoded
from .serving import Asked, eventually


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    training(tmp_path / "done", ended=time.time() - 2 * HOUR)
    training(tmp_path / "other", ended=time.time() - 3 * HOUR, metric=rising(60, 0.4))
    return tmp_path


def test_it_says_what_the_command_says(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    route = Asked(logdir).json("digest", query_string={"since": "4h"})
    main(["digest", str(logdir), "--since", "4h", "--json"])
    command = json.loads(capsys.readouterr().out)
    assert [one["run"] for one in route["finished"]] == ["done", "other"]
    times = ("since", "until", "idle", "headline")  # a moment has passed
    assert {key: route[key] for key in route if key not in times} == {
        key: command[key] for key in command if key not in times
    }


def test_the_usual_time_is_twelve_hours(logdir: Path) -> None:
    answer = decoded(Asked(logdir).get("digest").get_data(), DigestAnswer)
    assert answer.until - answer.since == pytest.approx(12 * HOUR)
    assert len(answer.finished) == 2


def test_a_logdir_without_runs_had_a_quiet_night(tmp_path: Path) -> None:
    answer = decoded(Asked(tmp_path).get("digest").get_data(), DigestAnswer)
    assert (answer.finished, answer.died, answer.running, answer.next) == ([], [], [], [])
    assert answer.headline.startswith("Nothing ended since ")


@pytest.mark.parametrize("since", ["soon", "-1h", "2999-01-01", "9999d", "x" * 5000])
def test_a_wrong_time_is_refused(logdir: Path, since: str) -> None:
    answer = Asked(logdir).get("digest", query_string={"since": since})
    assert answer.status_code == 400
    assert json.loads(answer.get_data())["error"]["code"] == "bad_request"


def test_it_is_made_once_a_minute_and_anew_when_a_run_changes(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(logdir)
    now = time.time() // 60 * 60
    monkeypatch.setattr("tensorboard_runlens.served_digest.time.time", lambda: now + 1)
    first = asked.get("digest").get_etag()
    monkeypatch.setattr("tensorboard_runlens.served_digest.time.time", lambda: now + 59)
    assert asked.get("digest").get_etag() == first
    monkeypatch.setattr("tensorboard_runlens.served_digest.time.time", lambda: now + 61)
    second = asked.get("digest")
    assert second.get_etag() != first
    unchanged = asked.get("digest", headers={"If-None-Match": f'"{second.get_etag()[0]}"'})
    assert unchanged.status_code == 304
    training(logdir / "third", ended=now - HOUR, metric=rising(60, 0.3))
    assert eventually(lambda: len(asked.json("digest")["finished"]) == 3)
