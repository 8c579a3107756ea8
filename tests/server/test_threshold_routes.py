"""The routes ``threshold`` and ``confusion``: the same as the command line, for any request, made once."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tensorboard_runlens import cli, fleet, kept, scanning, schema
from tensorboard_runlens.schema.threshold import ConfusionAnswer, ThresholdAnswer
from tests.builders import decoded
from tests.server.serving import Asked
from tests.server.test_routes import HOSTILE_NAMES, NO_RUNS
from tests.thresholds.runs import a_validation, write_evaluated, write_run, write_tracked

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_tracked(tmp_path / "runs" / "tracked")
    write_run(tmp_path / "runs" / "plain")
    return tmp_path / "runs"


def test_threshold_is_what_the_command_prints(logdir: Path, capsys: Capture) -> None:
    answer = Asked(logdir).json("threshold", query_string={"run": "tracked"})
    assert cli.main(["threshold", str(logdir / "tracked"), "--json"]) == 0
    assert answer == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "objective", ["f1", "F2", "f0.5", "precision@0.8", "recall@0.5", "cost@1:5"]
)
def test_every_objective_is_answered(logdir: Path, objective: str) -> None:
    asked = {"run": "tracked", "objective": objective, "group": "box"}
    answer = decoded(Asked(logdir).get("threshold", query_string=asked).get_data(), ThresholdAnswer)
    assert answer.objective == objective.lower()
    assert answer.operating_point.confidence is not None


@pytest.mark.parametrize(
    "parameters",
    [
        {"objective": "best"},
        {"objective": "x" * 10_000},
        {"objective": "f1\0"},
        {"objective": "../../etc/passwd"},
        {"objective": "precision@1e-9"},
        {"group": "mask"},
        {"group": "x" * 10_000},
        {"group": "../../etc"},
        {"run": ""},
        {"run": "x" * 10_000},
    ],
)
def test_what_makes_no_sense_is_a_bad_request(logdir: Path, parameters: dict[str, str]) -> None:
    response = Asked(logdir).get("threshold", query_string={"run": "tracked", **parameters})
    assert response.status_code == 400
    error = decoded(response.get_data(), schema.ErrorAnswer).error
    assert error.code == "bad_request"
    assert len(error.message) < 400


@pytest.mark.parametrize("name", NO_RUNS)
@pytest.mark.parametrize("route", ["threshold", "confusion"])
def test_no_run_of_that_name(logdir: Path, route: str, name: str) -> None:
    response = Asked(logdir).get(route, query_string={"run": name})
    assert response.status_code == 404
    assert decoded(response.get_data(), schema.ErrorAnswer).error.code == "unknown_run"


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    usable = [name for name in HOSTILE_NAMES if "/" not in name]
    for name in usable:
        write_run(tmp_path / name)
    asked = Asked(tmp_path)
    for name in asked.names():
        assert asked.json("threshold", query_string={"run": name})["run"] == name
        assert asked.json("confusion", query_string={"run": name})["run"] == name


def test_confusion_is_answered(logdir: Path) -> None:
    asked = Asked(logdir)
    answer = decoded(
        asked.get("confusion", query_string={"run": "tracked"}).get_data(), ConfusionAnswer
    )
    point = asked.run("tracked")["run"]["operating_point"]
    assert answer.source == "recorded"
    assert answer.chosen == pytest.approx(point["confidence"], abs=0.03)
    assert asked.json("confusion", query_string={"run": "plain"})["source"] == "none"


def test_the_run_page_has_the_interval(logdir: Path) -> None:
    asked = Asked(logdir)
    point = asked.run("tracked")["run"]["operating_point"]
    assert point == asked.json("threshold", query_string={"run": "tracked"})["operating_point"]
    assert point["interval"][0] <= point["confidence"] <= point["interval"][1]
    assert point["plateau"] is not None
    command = asked.run("tracked")["run"]["commands"][0]
    assert command.endswith(f"conf={point['confidence']:.3g}")


def test_runs_does_not_look_closer(logdir: Path) -> None:
    points = {run["name"]: run["operating_point"] for run in Asked(logdir).json("runs")["runs"]}
    assert points["tracked"]["source"] == "curves"
    assert points["plain"]["source"] == "results"


def test_an_answer_is_made_once(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    study = fleet.study
    monkeypatch.setattr(fleet, "study", lambda *given: made.append(given) or study(*given))
    asked = Asked(logdir)
    for _ in range(3):
        asked.get("threshold", query_string={"run": "tracked"})
    assert len(made) == 1
    asked.get("threshold", query_string={"run": "tracked", "objective": "f2"})
    assert len(made) == 2


def test_no_more_answers_are_kept_than_said(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_ANSWERS", 2)
    asked = Asked(logdir)
    for beta in range(1, 6):
        asked.get("threshold", query_string={"run": "plain", "objective": f"f{beta}"})
    assert len(asked.plugin._fleet._answers.questions) == 2


def test_an_evaluation_is_seen_when_it_is_there(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FRESH_S", 0.0)
    asked = Asked(logdir)
    before = asked.json("threshold", query_string={"run": "plain"})
    assert before["operating_point"]["source"] == "results"
    write_evaluated(logdir / "plain", a_validation())
    until = time.monotonic() + 20
    while time.monotonic() < until:
        after = asked.json("threshold", query_string={"run": "plain"})
        if after["operating_point"]["source"] == "detections":
            break
    assert after["operating_point"]["source"] == "detections"
    assert asked.run("plain")["run"]["operating_point"]["source"] == "detections"


def test_a_bug_of_ours_does_not_cost_the_page(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tensorboard_runlens.details.closer_point", fail)
    asked = Asked(logdir)
    assert asked.run("tracked")["run"]["operating_point"]["source"] == "curves"
