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
    assert answer.headline.startswith("Nothing is known to have ended since ")


@pytest.mark.parametrize("since", ["soon", "-1h", "2999-01-01", "9999d", "x" * 5000])
def test_a_wrong_time_is_refused(logdir: Path, since: str) -> None:
    answer = Asked(logdir).get("digest", query_string={"since": since})
    assert answer.status_code == 400
    assert json.loads(answer.get_data())["error"]["code"] == "bad_request"


def test_the_time_of_day_is_that_of_the_zone(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    for minutes in (540, -210):
        answer = asked.json("digest", query_string={"since": "1m", "zone": minutes})
        there = time.gmtime(answer["since"] + 60 * minutes)
        assert f"since {time.strftime('%H:%M', there)}" in answer["headline"] or there.tm_hour == 23


@pytest.mark.parametrize("zone", ["", "east", "901", "-901", "1.5", "٣", "9" * 5000, "+540"])
def test_what_is_no_zone_is_refused(logdir: Path, zone: str) -> None:
    answer = Asked(logdir).get("digest", query_string={"zone": zone})
    assert json.loads(answer.get_data())["error"]["code"] == "bad_request"


def test_another_baseline_than_the_one_that_is_set(logdir: Path) -> None:
    (logdir / "runlens.yaml").write_text("baseline: done\nbaselines: {paper: {map50_95: 0.1}}\n")
    asked = Asked(logdir)
    told = {
        name: asked.json("digest", query_string=query)
        for (name, query) in (
            ("set", {}),
            ("run", {"baseline": "other"}),
            ("numbers", {"baseline": "paper"}),
            ("none", {"baseline": ""}),
        )
    }
    assert {name: one["baseline"] for (name, one) in told.items()} == {
        "set": "done", "run": "other", "numbers": "paper", "none": None,
    }  # fmt: skip
    better = {name: [run["run"] for run in one["improved"]] for (name, one) in told.items()}
    assert (better["set"], better["run"], better["none"]) == ([], ["done"], [])


@pytest.mark.parametrize(
    ("baseline", "code"), [("nobody", "unknown_run"), ("x" * 10_000, "bad_request")]
)
def test_an_unknown_baseline_is_said(logdir: Path, baseline: str, code: str) -> None:
    answer = Asked(logdir).get("digest", query_string={"baseline": baseline})
    assert json.loads(answer.get_data())["error"]["code"] == code


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
