"""``runlens threshold``: the number first, how sure it is, and one line of reason where there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import schema
from tensorboard_runlens.cli import main
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tests.builders import decoded
from tests.thresholds.runs import (
    a_validation,
    arrays_of,
    write_evaluated,
    write_run,
    write_tracked,
)
from tests.thresholds.test_study import with_picture

Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *call: object) -> str:
    assert main(["threshold", *map(str, call)]) == 0
    return capsys.readouterr().out


def answered(capsys: Capture, *call: object) -> Any:
    return json.loads(printed(capsys, *call, "--json"))


def refused(capsys: Capture, *call: object) -> schema.Failure:
    """Exit code 2 with one line on stderr that says the same as the JSON."""
    assert main(["threshold", *map(str, call), "--json"]) == 2
    out = capsys.readouterr()
    failure = decoded(out.out, schema.ErrorAnswer).error
    assert out.err == f"runlens: {failure.message}\n"
    return failure


def test_json_has_what_was_promised(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    text = printed(capsys, tmp_path / "train", "--json")
    answer = decoded(text, ThresholdAnswer)
    assert (answer.ok, answer.schema, answer.run) == (True, 1, "train")
    assert (answer.objective, answer.operating_point.source) == ("f1", "detections")
    assert len(answer.classes) == 3


def test_the_number_comes_first_and_then_what_it_costs(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    answer = answered(capsys, tmp_path / "train")
    lines = printed(capsys, tmp_path / "train").splitlines()
    (point, at, usual) = (answer["operating_point"], answer["at"], answer["usual"])
    assert lines[0] == f"{point['confidence']:.3g}: the confidence with the best F1"
    text = "\n".join(lines)
    wrong = at["found"] - at["right"]
    missed = at["instances"] - at["right"]
    assert f"{wrong} wrong of {at['found']}, {missed} of {at['instances']} objects missed" in text
    assert f"{usual['found'] - usual['right']} wrong of {usual['found']}" in text
    assert f"from {point['interval'][0]:.3f} to {point['interval'][1]:.3f}" in text
    assert "class square: estimated best at" in text
    assert answer["deploy"]["customer"] in text
    assert answer["deploy"]["commands"][0] in text


@pytest.mark.parametrize(
    "objective", ["f0.5", "f2", "f1.5", "precision@0.8", "recall@0.5", "cost@1:5"]
)
def test_every_objective_is_answered(tmp_path: Path, capsys: Capture, objective: str) -> None:
    write_tracked(tmp_path / "train")
    answer = answered(capsys, tmp_path / "train", "--objective", objective)
    assert answer["objective"] == objective
    assert answer["operating_point"]["confidence"] is not None
    text = printed(capsys, tmp_path / "train", "--objective", objective)
    assert answer["objective_text"] in text


@pytest.mark.parametrize("objective", ["best", "f0", "precision@90%", "recall@1", "cost@0:1"])
def test_an_unknown_objective_is_refused(tmp_path: Path, capsys: Capture, objective: str) -> None:
    write_tracked(tmp_path / "train")
    failure = refused(capsys, tmp_path / "train", "--objective", objective)
    assert failure.code == "bad_request"
    assert "an objective is f1" in failure.message


def test_one_class_is_shown_alone(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    answer = answered(capsys, tmp_path / "train", "--class", "ring")
    assert [line["name"] for line in answer["classes"]] == ["ring"]
    text = printed(capsys, tmp_path / "train", "--class", "ring")
    assert "class ring" in text and "class disc" not in text


def test_a_class_is_asked_for_as_the_data_set_names_it(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train", names=("<b>disc</b>", "square", "ring"))
    assert len(answered(capsys, tmp_path / "train", "--class", "<b>disc</b>")["classes"]) == 1


def test_what_is_asked_of_all_classes_together_says_so(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    text = printed(capsys, tmp_path / "train", "--objective", "precision@0.8")
    assert "on other images precision of all classes together is about" in text


def test_an_unknown_class_is_refused_with_those_there_are(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    failure = refused(capsys, tmp_path / "train", "--class", "cow")
    assert failure.message == "no class called cow: there are disc, square, ring"
    many = a_validation(classes=30)
    names = [f"kind {number}" for number in range(30)]
    write_tracked(tmp_path / "many", many, names, arrays_of(many, matrix=False))
    assert "kind 9 and " in refused(capsys, tmp_path / "many", "--class", "cow").message


def test_a_class_of_a_run_without_classes_is_refused(tmp_path: Path, capsys: Capture) -> None:
    write_run(tmp_path / "train")
    message = refused(capsys, tmp_path / "train", "--class", "cow").message
    assert message.endswith("nothing is known of this run's single classes")


def test_an_unknown_group_is_refused(tmp_path: Path, capsys: Capture) -> None:
    write_tracked(tmp_path / "train")
    assert "it has box" in refused(capsys, tmp_path / "train", "--group", "mask").message
    assert refused(capsys, tmp_path / "train", "--group", "cat").code == "bad_request"


def test_no_run_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert refused(capsys, tmp_path / "nowhere").code == "not_found"
    assert refused(capsys, tmp_path).code == "unreadable"


def test_without_evidence_it_says_what_to_do(tmp_path: Path, capsys: Capture) -> None:
    run = write_run(tmp_path / "train")
    text = printed(capsys, run)
    assert text.startswith("unknown: ")
    assert "runlens evaluate RUN_DIR" in text
    shutil.rmtree(run / "weights")
    assert "track(model)" in printed(capsys, run)


def test_a_picture_is_enough(tmp_path: Path, capsys: Capture) -> None:
    run = with_picture(write_run(tmp_path / "train"))
    text = printed(capsys, run)
    assert text.startswith("0.448: the confidence with the best F1")
    assert "it gives F1 0.952\n" in text
    assert "picture BoxF1_curve.png: exact" in text
    assert main(["show", str(run), "--json"]) == 0
    point = json.loads(capsys.readouterr().out)["run"]["operating_point"]
    assert (point["source"], point["status"], point["confidence"]) == ("picture", "exact", 0.448)
    assert main(["show", str(run)]) == 0
    assert "0.448 (F1 0.952" in capsys.readouterr().out


def test_the_test_split_is_reported(tmp_path: Path, capsys: Capture) -> None:
    run = write_evaluated(write_run(tmp_path / "train"), a_validation())
    write_evaluated(run, a_validation(seed=8), "test")
    assert "test: on 60 images of test, which had no part in choosing it" in printed(capsys, run)


def test_hostile_names_stay_text(tmp_path: Path, capsys: Capture) -> None:
    name = "disc\x1b[31m\nred\u202e"
    write_tracked(tmp_path / "train", names=(name, "square", "ring"))
    text = printed(capsys, tmp_path / "train")
    assert "\x1b" not in text and "\u202e" not in text
    assert "disc" in text


def test_a_class_is_told_in_the_objective_that_was_asked_for(
    tmp_path: Path, capsys: Capture
) -> None:
    write_tracked(tmp_path / "train")
    call = (tmp_path / "train", "--objective", "f2")
    line = next(one for one in answered(capsys, *call)["classes"] if one["value"] is not None)
    (right, found, objects) = (line["common"][name] for name in ("right", "found", "instances"))
    f2 = 5 * right / (4 * objects + found)
    told = f"F2 {line['value']:.3f}, {f2:.3f} at the common one"
    assert told in printed(capsys, *call)
    assert abs(f2 - line["common"]["f1"]) > 0.001
