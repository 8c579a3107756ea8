"""What users say of their runs in runlens.yaml, and what came of it: targets, grades, notes, tags."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.answers import run_of
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.class_intervals import intervals_of
from tensorboard_runlens.cli import main
from tensorboard_runlens.grades import grade_of
from tensorboard_runlens.run import ClassMetrics
from tensorboard_runlens.settings import GRADES, Settings
from tensorboard_runlens.signals.goals import SAME, Reached, reached
from tensorboard_runlens.targets import Target
from tests.builders import write
from tests.rules import trainings
from tests.rules.trainings import HEALTHY, Training, analysed
from tests.server.serving import Asked

WITH_CLASSES = {
    "toe_drain": {"mAP50": 0.52, "precision": 0.6, "recall": 0.5, "instances": 18},
    "lateral": {"mAP50": 0.72, "precision": 0.8, "recall": 0.7, "instances": 2000},
}


def of_model(
    value: Optional[float], least: float, most: Optional[float] = None, metric: str = "map50"
) -> Reached:
    (one,) = reached([Target(metric, least, most or least)], {"box": {metric: value}}, ())
    return one


def of_class(
    value: float, least: float, instances: Optional[int] = None, metric: str = "map50"
) -> Reached:
    line = ClassMetrics("crack", {"box": {metric: value}}, None, instances)
    (one,) = reached([Target(metric, least, least, "crack")], {}, [line])
    return one


def shown(folder: Path, capsys: Any) -> dict[str, Any]:
    assert main(["show", str(folder), "--json"]) == 0
    run: dict[str, Any] = json.loads(capsys.readouterr().out)["run"]
    return run


# What was reached


@pytest.mark.parametrize(
    ("value", "least", "most", "status"),
    [
        (0.6, 0.7, 0.7, "missed"),
        (0.8, 0.7, 0.7, "exceeded"),
        (0.7, 0.7, 0.7, "met"),
        (0.69955, 0.7, 0.7, "met"),
        (0.69945, 0.7, 0.7, "missed"),
        (0.70045, 0.7, 0.7, "met"),
        (0.70055, 0.7, 0.7, "exceeded"),
        (0.72, 0.7, 0.75, "met"),
        (0.76, 0.7, 0.75, "exceeded"),
        (0.69, 0.7, 0.75, "missed"),
        (None, 0.7, 0.7, "unknown"),
        (math.nan, 0.7, 0.7, "unknown"),
    ],
)
def test_a_target_is_missed_met_or_exceeded(
    value: Optional[float], least: float, most: float, status: str
) -> None:
    assert of_model(value, least, most).status == status


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_status_follows_the_margin(value: float, one: float, other: float) -> None:
    (least, most) = sorted((one, other))
    found = of_model(value, least, most or least)
    assert found.margin == value - least
    assert (found.status == "missed") is (value < least - SAME)


def test_what_nobody_measured_is_unknown() -> None:
    targets = [Target("iou", 0.7, 0.7), Target("map50", 0.7, 0.7, "nobody")]
    assert [one.status for one in reached(targets, {"box": {"map50": 0.9}}, ())] == ["unknown"] * 2
    assert [one.status for one in reached(targets, {}, ())] == ["unknown"] * 2
    assert [one.margin for one in reached(targets, {}, ())] == [None] * 2


def test_masks_are_judged_before_boxes() -> None:
    metrics = {"box": {"map50": 0.9}, "mask": {"map50": 0.5}}
    (one,) = reached([Target("map50", 0.7, 0.7)], metrics, ())
    assert (one.group, one.value, one.status) == ("mask", 0.5, "missed")


def test_f1_of_a_class_comes_from_its_precision_and_recall() -> None:
    line = ClassMetrics("crack", {"box": {"precision": 0.6, "recall": 0.3}})
    (one,) = reached([Target("f1", 0.5, 0.5, "crack")], {}, [line])
    assert one.value == pytest.approx(0.4)
    line = ClassMetrics("crack", {"box": {"precision": 0.0, "recall": 0.0}})
    (one,) = reached([Target("f1", 0.5, 0.5, "crack")], {}, [line])
    assert one.value == 0.0


@pytest.mark.parametrize(("instances", "sure"), [(18, False), (2000, True), (None, True)])
def test_few_instances_leave_a_target_open(instances: Optional[int], sure: bool) -> None:
    found = of_class(0.52, 0.6, instances)
    assert found.sure is sure
    assert found.status == "missed"
    assert (found.interval is None) is (instances is None)


@pytest.mark.parametrize(("instances", "sure"), [(30, False), (3000, True)])
def test_instances_of_all_classes_bound_their_mean(instances: int, sure: bool) -> None:
    values = (0.5, 0.7, 0.9)
    lines = [
        ClassMetrics(f"class {number}", {"box": {"map50": value}}, None, instances)
        for (number, value) in enumerate(values)
    ]
    (one,) = reached([Target("map50", 0.73, 0.73)], {"box": {"map50": 0.7}}, lines)
    assert one.instances == 3 * instances
    assert one.sure is sure
    widths = [intervals_of(line)["box"]["map50"] for line in lines]
    below = sum((value - low) ** 2 for (value, (low, _)) in zip(values, widths)) ** 0.5 / 3
    assert one.interval is not None
    assert one.interval[0] == pytest.approx(0.7 - below)
    (unsaid,) = reached(
        [Target("map50", 0.73, 0.73)],
        {"box": {"map50": 0.7}},
        [*lines, ClassMetrics("another", {"box": {"map50": 0.7}})],
    )
    assert unsaid.interval is None


# Grades


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (0.501, "excellent"),
        (0.499, "good"),
        (0.301, "good"),
        (0.299, "fair"),
        (0.201, "fair"),
        (0.199, "needs improvement"),
        (0.0, "needs improvement"),
    ],
)
def test_a_grade_is_the_guides(value: float, name: str) -> None:
    grade = grade_of({"box": {"map50": value}})
    assert grade is not None
    assert (grade.name, grade.value, grade.source) == (name, value, "guide 001")


def test_a_users_own_grades_hold() -> None:
    own = {"excellent": 0.9, "good": 0.8, "fair": 0.7}
    grade = grade_of({"box": {"map50": 0.75}}, own)
    assert grade is not None
    assert (grade.name, grade.source) == ("fair", "runlens.yaml")


@pytest.mark.parametrize(
    "metrics",
    [
        {},
        {"box": {}},
        {"box": {"map50": None}},
        {"box": {"map50": 7.0}},
        {"classify": {"top1": 0.9}},
    ],
)
def test_there_is_no_grade_without_map50(metrics: dict[str, dict[str, Optional[float]]]) -> None:
    assert grade_of(metrics) is None


def test_no_finding_depends_on_the_grade(tmp_path: Path) -> None:
    hard = dict.fromkeys(GRADES, 0.99)
    (usual, strict) = (
        analysed(HEALTHY, tmp_path / name, Settings(grades=grades))
        for (name, grades) in (("usual", None), ("strict", hard))
    )
    assert (usual.findings, usual.headline, usual.health) == (
        strict.findings,
        strict.headline,
        strict.health,
    )
    assert usual.grade != strict.grade


# The finding


def test_the_target_that_is_missed_by_most_is_named(tmp_path: Path) -> None:
    targets = [Target("map50", 0.95, 0.95), Target("map50_95", 0.9, 0.9), Target("f1", 0.1, 0.1)]
    analysis = analysed(HEALTHY.changed(targets=targets), tmp_path)
    (finding,) = [one for one in analysis.findings if one.rule == "target-missed"]
    best = max(HEALTHY.map50_95)
    assert finding.summary == (
        f"mAP50-95 is {best:.3f}, {100 * (0.9 - best):.1f} points below your target of 0.900;"
        " 1 other target is missed, too."
    )
    assert (finding.severity, finding.confidence) == ("info", "moderate")
    assert finding.evidence["missed"] == 2
    assert analysis.health.level == "info"
    assert "misses your target" in analysis.headline


def test_few_instances_of_a_class_leave_it_open(tmp_path: Path) -> None:
    (few, many) = (
        judged_with_classes(tmp_path / name, [Target("map50", least, least, name)])
        for (name, least) in (("toe_drain", 0.6), ("lateral", 0.8))
    )
    assert (few.confidence, many.confidence) == ("low", "high")
    assert few.summary == (
        "mAP50 of toe_drain is 0.520, 8.0 points below your target of 0.600, which is within what 18"
        " instances can tell."
    )
    assert many.summary == "mAP50 of lateral is 0.720, 8.0 points below your target of 0.800."
    assert [few.advice[0].key, many.advice[0].key] == ["larger-val", "more-of-class"]


def test_a_sure_miss_is_named_before_one_that_is_open(tmp_path: Path) -> None:
    targets = [Target("map50", 0.7, 0.7, "toe_drain"), Target("map50", 0.8, 0.8, "lateral")]
    assert "lateral is 0.720" in judged_with_classes(tmp_path, targets).summary


def judged_with_classes(folder: Path, targets: list[Target]) -> Any:
    trainings.write(HEALTHY, folder)
    write(folder / "per_class_metrics.json", json.dumps(WITH_CLASSES))
    trainings.set_time(folder, trainings.OLD)
    analysis = analyse(open_run(str(folder)), Settings(targets=tuple(targets)), trainings.NOW)
    (finding,) = [one for one in analysis.findings if one.rule == "target-missed"]
    return finding


def test_who_has_not_come_to_the_end_is_not_judged(tmp_path: Path) -> None:
    training = HEALTHY.changed(targets=[Target("map50", 0.99, 0.99)], args={"epochs": 500})
    analysis = analysed(training, tmp_path)
    assert analysis.state == "interrupted"
    assert [one for one in analysis.findings if one.rule == "target-missed"] == []
    assert analysis.signals.targets[0].status == "missed"


def test_an_overfitted_model_is_not_made_larger(tmp_path: Path) -> None:
    def keys(training: Training, name: str) -> list[str]:
        analysis = analysed(
            training.changed(targets=[Target("map50", 0.99, 0.99)]), tmp_path / name
        )
        (finding,) = [one for one in analysis.findings if one.rule == "target-missed"]
        return [one.key for one in finding.advice]

    assert keys(HEALTHY, "healthy") == ["more-data", "larger-model"]
    assert keys(trainings.OVERFITTED, "overfitted") == ["more-data"]


# On the terminal, in JSON and in the tab

WORDS = """
targets: {map50: .9, f1: [.5, .6], classes: {toe_drain: .6, lateral: .6, nobody: .5}}
grades: {excellent: .95, good: .9}
notes: {a: "second camera, /home/anna/images/march", gone: x}
tags: {./a/: [deployed, line 3]}
"""


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        trainings.write(HEALTHY, tmp_path / "logs" / name)
    write(tmp_path / "logs" / "a" / "per_class_metrics.json", json.dumps(WITH_CLASSES))
    write(tmp_path / "logs" / "runlens.yaml", WORDS)
    return tmp_path / "logs"


def test_a_runs_answer_holds_what_its_user_said(logdir: Path, capsys: Any) -> None:
    run = shown(logdir / "a", capsys)
    assert [(one["metric"], one["class"], one["status"]) for one in run["targets"]] == [
        ("map50", None, "missed"),
        ("f1", None, "exceeded"),
        ("map50", "toe_drain", "missed"),
        ("map50", "lateral", "exceeded"),
        ("map50", "nobody", "unknown"),
    ]
    (whole, _, toe_drain, _, nobody) = run["targets"]
    assert whole["margin"] == pytest.approx(whole["value"] - 0.9, abs=1e-6)
    assert (run["targets"][1]["target"], run["targets"][1]["upper"]) == (0.5, 0.6)
    assert toe_drain["interval"][0] < 0.52 < toe_drain["interval"][1]
    assert (nobody["value"], nobody["margin"], nobody["interval"]) == (None, None, None)
    assert run["note"] == "second camera, …/images/march"
    assert run["tags"] == ["deployed", "line 3"]
    assert run["grade"]["source"] == "runlens.yaml"


def test_a_scan_says_the_same(logdir: Path, capsys: Any) -> None:
    run = shown(logdir / "a", capsys)
    assert main(["scan", str(logdir), "--json"]) == 0
    scanned = {one["name"]: one for one in json.loads(capsys.readouterr().out)["runs"]}
    for field in ("targets", "grade", "note", "tags"):
        assert scanned["a"][field] == run[field]
    assert (scanned["b"]["note"], scanned["b"]["tags"]) == (None, [])


def test_the_tab_says_the_same_and_follows_the_file(logdir: Path, capsys: Any) -> None:
    run = shown(logdir / "a", capsys)
    asked = Asked(logdir)
    told = asked.run("a")["run"]
    for field in ("targets", "grade", "note", "tags"):
        assert told[field] == run[field]
    table = asked.table()
    assert "runlens.yaml, line 4: notes: there is no run called gone" in table["notes"]
    write(logdir / "runlens.yaml", "notes: {a: other words}")
    assert asked.run("a")["run"]["note"] == "other words"


def test_the_terminal_shows_what_the_user_said(logdir: Path, capsys: Any) -> None:
    assert main(["show", str(logdir / "a")]) == 0
    out = capsys.readouterr().out
    assert "tags: deployed, line 3\n" in out
    assert "your note: second camera, …/images/march\n" in out
    assert "grade: fair (mAP50 0." in out
    assert "target mAP50 of toe_drain 0.600: missed by 8.0 points (0.520; 18 instances" in out
    assert "target mAP50 of nobody 0.500: unknown, it was not measured" in out
    assert "target F1 0.500 to 0.600: exceeded by" in out
    assert main(["scan", str(logdir)]) == 0
    out = capsys.readouterr().out
    assert "    tags: deployed, line 3\n    your note: second camera, …/images/march\n" in out
    assert "note: runlens.yaml, line 4: notes: there is no run called gone" in out


def test_what_is_wrong_is_told_wherever_notes_are(logdir: Path, capsys: Any) -> None:
    write(logdir / "runlens.yaml", "targets: {map50: 70}\nrules: {overfiting: off}")
    told = [
        "runlens.yaml, line 1: targets: map50 must be a fraction from 0 to 1: for 70 % write 0.7",
        "runlens.yaml, line 2: there is no rule called overfiting; is overfitting meant?",
    ]
    for command in ("scan", "show"):
        assert main([command, str(logdir if command == "scan" else logdir / "a")]) == 0
        out = capsys.readouterr().out
        assert [f"note: {note}" in out for note in told] == [True, True]
    assert Asked(logdir).table()["notes"] == told


def test_without_words_nothing_is_said(tmp_path: Path) -> None:
    run = run_of(analysed(HEALTHY, tmp_path))
    assert (run.targets, run.note, run.tags) == ([], None, [])
