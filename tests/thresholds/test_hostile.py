"""Hostile and broken input of a threshold: counts that cannot be, names that are code, runs that take long."""

from __future__ import annotations

import ast
import json
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tensorboard_runlens import closer, fleet, kept
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.confusion.recorded import confusion_of
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import Study, study
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1, parse
from tensorboard_runlens.thresholds.of_run.curve_pictures import groups_drawn
from tensorboard_runlens.thresholds.uncertainty import by_class
from tests.builders import write
from tests.server.serving import Asked
from tests.thresholds.runs import (
    Arrays,
    a_validation,
    arrays_of,
    classes_apart,
    write_evaluated,
    write_run,
    write_tracked,
)

OBJECTIVES = ("f1", "f10", "precision@0.9", "recall@0.5", "cost@1:5")
MOST = 2**32 - 1
LONG_S = 20.0


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def looked(run: Path) -> Analysis:
    return analyse(look_closer(open_run(str(run)))[0])


def answered(run: Path, objective: str = "f1") -> ThresholdAnswer:
    analysis = looked(run)
    return threshold_answer(analysis, study(analysis, objective))


def hits_of_one_class() -> Arrays:
    """All hits are of class 2, which has fewer objects; of all classes together there are enough."""
    found = a_validation()
    hits = np.zeros_like(found.hits["box"])
    hits[np.flatnonzero(found.class_number == 2)] = 1023
    assert found.truth_count.sum() > np.count_nonzero(hits)
    assert found.truth_count[found.truth_class == 2].sum() < np.count_nonzero(hits)
    return {"box_hits": hits.astype(np.uint16)}


def hits_of_one_image() -> Arrays:
    """The hits are as many as before, of the same classes, and lie in one image."""
    found = a_validation()
    image = np.where(found.hits["box"] > 0, found.truth_image[0], found.image)
    return {"detection_image": image.astype(np.uint16)}


@pytest.mark.parametrize(
    ("arrays", "field"),
    [
        (hits_of_one_class(), "box_hits"),
        (hits_of_one_image(), "box_hits"),
        ({"matrix_count": np.zeros(60, np.uint32)}, "matrix_count"),
    ],
)
def test_counts_that_cannot_be_are_named_and_not_used(
    tmp_path: Path, arrays: Arrays, field: str
) -> None:
    run = write_tracked(tmp_path / "train", arrays={**arrays_of(a_validation()), **arrays})
    problem = looked(run).run.problems[-1]
    assert (problem.file, problem.kind) == ("runlens/final.npz", "damaged")
    assert problem.problem.startswith(field)
    answer = answered(run)
    assert answer.operating_point.source == "curves"
    assert f"runlens/final.npz: {field}" in answer.reason
    assert f"runlens/final.npz: {field}" in confusion_of(looked(run)).reason


def test_a_damaged_evaluation_is_said_where_it_is_missed(tmp_path: Path) -> None:
    run = write_evaluated(write_run(tmp_path / "train"), a_validation())
    write(run / "runlens" / "evaluation_val.npz", b"PK\x03\x04")
    said = "runlens/evaluation_val.npz: the archive is cut off or damaged"
    assert said in answered(run).reason
    assert confusion_of(looked(run)).reason == said


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_largest_counts_give_no_wrong_number(tmp_path: Path, objective: str) -> None:
    arrays = arrays_of(a_validation())
    arrays["truth_count"] = np.full_like(arrays["truth_count"], MOST)
    arrays["matrix_count"] = np.full_like(arrays["matrix_count"], MOST)
    run = write_tracked(tmp_path / "train", arrays=arrays)
    final = run / "runlens" / "final.json"
    # Nothing else counts the objects; otherwise the archive would be refused.
    write(final, json.dumps({**json.loads(final.read_text("utf-8")), "instances": None}))
    answer = answered(run, objective)
    assert answer.at is None or answer.at.instances == MOST * len(arrays["truth_count"])
    assert answer.at is None or 0 <= (answer.at.recall or 0.0) < 1e-6
    assert confusion_of(looked(run)).steps[0].ranked[0].count == MOST


CODE = "'); import os; os.system('x') #"
NAMES = (CODE, '"); os.system("x") #', "!!python/object/apply:os.system [x]", "{confidence}", "a\nb",
         "\x1b[31mred", "\u202eevil", "car / truck", "yes", "- 1", "=1+1", '"""', "\\")  # fmt: skip


@pytest.fixture(scope="module")
def own_threshold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Study]:
    """A run of three classes, the second of which is worth a threshold of its own."""
    folder = tmp_path_factory.mktemp("runs") / "$(touch x)"
    analysis = looked(write_tracked(folder, classes_apart()))
    return (analysis, study(analysis))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_a_name_in_what_is_copied(
    own_threshold: tuple[Analysis, Study], name: str
) -> None:
    (analysis, known) = own_threshold
    assert known.validation is not None
    named = replace(known, validation=replace(known.validation, names=("a", name, "c")))
    deploy = threshold_answer(analysis, named).deploy
    assert deploy is not None and deploy.python is not None
    assert name in yaml.safe_load(deploy.file_text)["classes"]
    code = ast.parse(deploy.python)
    (own,) = (
        one.value for one in code.body if isinstance(one, ast.Assign) and called(one) == "OWN"
    )
    assert ast.literal_eval(own) == deploy.file.classes
    calls = {ast.unparse(one.func) for one in ast.walk(code) if isinstance(one, ast.Call)}
    assert calls <= {"YOLO", "model.predict", "box.conf.item", "OWN.get", "int", "enumerate"}


def called(assignment: ast.Assign) -> str:
    return ast.unparse(assignment.targets[0])


def test_a_name_with_a_line_break_is_no_curve(tmp_path: Path) -> None:
    run = write_run(tmp_path / "train")
    write(run / "F1_curve.png\n", b"")
    assert groups_drawn(open_run(str(run))) == {}


@pytest.mark.parametrize(
    "text", ["f0.0000000000000001", "recall@0.0000000001", "cost@99999999999999999999:0.0000001"]
)
def test_an_objective_is_called_what_is_accepted(text: str) -> None:
    assert parse(parse(text).name) == parse(text)


def test_of_very_many_classes_those_with_the_most_objects_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = counting(a_validation(classes=5), "box")
    every = by_class.by_class(counted, F1, 0.4)
    monkeypatch.setattr(by_class, "MAX_LOOKED_AT", 2)
    some = by_class.by_class(counted, F1, 0.4)
    most = set(np.argsort(-counted.instances)[:2].tolist())
    for before, line in zip(every, some):
        if line.index in most:
            assert line == before
        else:
            assert (line.verdict, line.confidence, line.advised) == ("common", None, 0.4)
            assert "most objects" in line.reason


def test_a_run_that_takes_long_holds_up_no_known_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("slow", "quick"):
        write_tracked(tmp_path / name)
    asked = Asked(tmp_path)
    quick = {"query_string": {"run": "quick"}}
    known = asked.json("threshold", **quick)
    (begun, go_on) = (threading.Event(), threading.Event())
    real = fleet.study

    def slow(analysis: Analysis, *asked_for: Any) -> Any:
        begun.set()
        assert go_on.wait(LONG_S)
        return real(analysis, *asked_for)

    monkeypatch.setattr(fleet, "study", slow)
    waiting = threading.Thread(
        target=asked.get, args=("threshold",), kwargs={"query_string": {"run": "slow"}}
    )
    waiting.start()
    assert begun.wait(LONG_S)
    assert asked.json("threshold", **quick) == known
    assert asked.json("confusion", **quick)["ok"]
    assert waiting.is_alive()
    go_on.set()
    waiting.join()


def test_a_run_that_is_looked_at_holds_up_no_known_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("slow", "quick"):
        write_tracked(tmp_path / name)
    asked = Asked(tmp_path)
    known = asked.run("quick")
    (begun, go_on) = (threading.Event(), threading.Event())
    real = closer.look_closer

    def slow(run: Any) -> Any:
        begun.set()
        assert go_on.wait(LONG_S)
        return real(run)

    monkeypatch.setattr(closer, "look_closer", slow)
    waiting = threading.Thread(target=asked.run, args=("slow",))
    waiting.start()
    assert begun.wait(LONG_S)
    assert asked.run("quick") == known
    assert waiting.is_alive()
    go_on.set()
    waiting.join()


def test_large_answers_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tracked(tmp_path / "train")
    asked = Asked(tmp_path)
    monkeypatch.setattr(kept, "MAX_BYTES", 1)
    for objective in ("f1", "f2"):
        answer = asked.get("threshold", query_string={"run": "train", "objective": objective})
        assert json.loads(answer.get_data())["ok"]
    assert [key[1] for key in asked.plugin._fleet._answers.questions] == ["f2"]
