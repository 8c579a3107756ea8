"""The route ``compare``: the same as the command line, for any request, made once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import cli, fleet, schema
from tensorboard_runlens.comparison import MAX_RUNS
from tensorboard_runlens.schema.compare import CompareAnswer
from tests.builders import decoded, write
from tests.comparison.runs import rising, write_run
from tests.server.serving import Asked
from tests.server.test_routes import HOSTILE_NAMES, NO_RUNS

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_run(tmp_path / "runs" / "old", rising(40, 0.4))
    write_run(tmp_path / "runs" / "new", rising(60, 0.6))
    return tmp_path / "runs"


def query(*names: str, **more: str) -> dict[str, Any]:
    return {"run": list(names), **more}


def test_it_is_what_the_command_prints(logdir: Path, capsys: Capture) -> None:
    answer = Asked(logdir).json("compare", query_string=query("old", "new"))
    assert cli.main(["compare", str(logdir / "old"), str(logdir / "new"), "--json"]) == 0
    assert answer == json.loads(capsys.readouterr().out)
    assert decoded(json.dumps(answer), CompareAnswer).differences[0].verdict == "better"


def test_a_single_run_meets_the_baseline_of_runlens_yaml(logdir: Path) -> None:
    text = "baseline: old\nbaselines: {paper: {map50_95: 0.9}}\n"
    write(logdir / "runlens.yaml", text)
    asked = Asked(logdir)
    assert asked.json("compare", query_string=query("new"))["runs"] == ["old", "new"]
    paper = asked.json("compare", query_string=query("new", baseline="paper"))
    assert (paper["baseline"], paper["differences"][0]["verdict"]) == ("paper", "worse")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        query(""),
        query("new"),
        query("new", "new"),
        query("new", "old", baseline="nobody"),
        query("new", "x" * 10_000),
        query("new", "old", baseline="x" * 10_000),
        query(*map(str, range(MAX_RUNS + 1))),
    ],
)
def test_what_makes_no_sense_is_a_bad_request(logdir: Path, asked: dict[str, Any]) -> None:
    response = Asked(logdir).get("compare", query_string=asked)
    assert response.status_code == 400
    error = decoded(response.get_data(), schema.ErrorAnswer).error
    assert error.code == "bad_request"
    assert len(error.message) < 600


@pytest.mark.parametrize("name", NO_RUNS)
def test_no_run_of_that_name(logdir: Path, name: str) -> None:
    response = Asked(logdir).get("compare", query_string=query("old", name))
    assert response.status_code == 404
    assert decoded(response.get_data(), schema.ErrorAnswer).error.code == "unknown_run"


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    for name in (name for name in HOSTILE_NAMES if "/" not in name):
        write_run(tmp_path / name, rising(12))
    asked = Asked(tmp_path)
    names = asked.names()[:MAX_RUNS]
    assert asked.json("compare", query_string=query(*names))["runs"] == names


def test_an_answer_is_made_once(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    compare_answer = fleet.compare_answer
    monkeypatch.setattr(
        fleet, "compare_answer", lambda found: made.append(found) or compare_answer(found)
    )
    asked = Asked(logdir)
    for _ in range(3):
        asked.get("compare", query_string=query("old", "new"))
    assert len(made) == 1
    asked.get("compare", query_string=query("new", "old"))
    assert len(made) == 2
