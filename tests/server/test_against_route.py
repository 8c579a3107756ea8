"""The route ``against``: every other run against one, made anew only for what has changed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import fleet, scanning, schema
from tensorboard_runlens.analysis import Analysis
from tests.builders import decoded, write_args
from tests.comparison.runs import rising, write_run
from tests.server.serving import Asked
from tests.server.test_routes import HOSTILE_NAMES, NO_RUNS


@pytest.fixture
def logdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scanning, "FRESH_S", 0.0)
    write_run(tmp_path / "runs" / "base", rising(40, 0.4))
    write_run(tmp_path / "runs" / "better", rising(60, 0.6))
    write_run(tmp_path / "runs" / "worse", rising(60, 0.2))
    return tmp_path / "runs"


def query(baseline: str) -> dict[str, str]:
    return {"baseline": baseline}


def test_every_other_run_stands_against_the_baseline(logdir: Path) -> None:
    asked = Asked(logdir)
    asked.table()
    answer = asked.json("against", query_string=query("base"))
    assert answer["baseline"] == "base"
    verdicts = {one["run"]: one["verdict"] for one in answer["runs"]}
    assert verdicts == {"better": "better", "worse": "worse"}


@pytest.mark.parametrize("asked", [{}, query(""), query("x" * 10_000)])
def test_what_names_no_run_is_a_bad_request(logdir: Path, asked: dict[str, Any]) -> None:
    response = Asked(logdir).get("against", query_string=asked)
    assert response.status_code == 400
    assert decoded(response.get_data(), schema.ErrorAnswer).error.code == "bad_request"


@pytest.mark.parametrize("name", NO_RUNS)
def test_no_run_of_that_name(logdir: Path, name: str) -> None:
    response = Asked(logdir).get("against", query_string=query(name))
    assert response.status_code == 404
    assert decoded(response.get_data(), schema.ErrorAnswer).error.code == "unknown_run"


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    for name in (name for name in HOSTILE_NAMES if "/" not in name):
        write_run(tmp_path / name, rising(12))
    asked = Asked(tmp_path)
    names = asked.names()
    for name in names:
        answer = asked.json("against", query_string=query(name))
        assert sorted([name, *(one["run"] for one in answer["runs"])]) == sorted(names)


def test_only_what_has_changed_is_told_again(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: Counter[str] = Counter()
    teller = fleet.teller

    def counting(baseline: Analysis) -> Any:
        tell = teller(baseline)

        def counted(analysis: Analysis) -> schema.Against:
            told[analysis.run.name] += 1
            return tell(analysis)

        return counted

    monkeypatch.setattr(fleet, "teller", counting)
    asked = Asked(logdir)
    asked.table()
    tag = asked.get("against", query_string=query("base")).headers["ETag"]
    assert asked.get("against", query_string=query("base")).headers["ETag"] == tag
    write_args(logdir / "better", task="detect", mode="train", epochs=60, seed=0, lr0=0.5)
    assert asked.get("against", query_string=query("base")).status_code == 200
    assert told == Counter({"better": 2, "worse": 1})
