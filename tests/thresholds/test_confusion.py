"""How classes are taken for each other: recorded counts, a picture's, and neither."""

from __future__ import annotations

import shutil
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.confusion import from_picture as confusion_drawn
from tensorboard_runlens.confusion.from_picture import matrix_confidence
from tensorboard_runlens.confusion.ranking import ranked
from tensorboard_runlens.confusion.recorded import confusion_of
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.run import Version
from tensorboard_runlens.schema.threshold import ConfusionAnswer
from tensorboard_runlens.statistics.proportion import wilson
from tensorboard_runlens.thresholds.matrix_picture import MatrixReading
from tests.builders import YOLOV5, decoded, rows_of, write, write_csv
from tests.test_commands import run_of
from tests.thresholds.runs import (
    a_single_class,
    a_validation,
    arrays_of,
    matrix_arrays,
    write_evaluated,
    write_run,
    write_tracked,
)


def confused(run) -> ConfusionAnswer:
    """As it is read back from JSON, of a run that is looked at."""
    (opened, details) = look_closer(open_run(str(run)))
    analysis = replace(analyse(opened), closer_point=details.operating_point)
    return decoded(msgspec.json.encode(confusion_of(analysis)), ConfusionAnswer)


def test_recorded_counts_are_answered_at_each_confidence(tmp_path):
    answer = confused(write_tracked(tmp_path / "train"))
    assert (answer.source, answer.status, answer.background) == ("recorded", "exact", True)
    assert answer.names == ["disc", "square", "ring"]
    assert len(answer.steps) == 20
    assert answer.steps[0].cells == [(0, 0, 5), (1, 0, 20), (3, 0, 5)]
    assert answer.validated == "best.pt after training on 60 images of val"


def test_the_counted_confidence_nearest_to_the_operating_point_is_chosen(tmp_path):
    run = write_tracked(tmp_path / "train")
    point = look_closer(open_run(str(run)))[1].operating_point
    answer = confused(run)
    confidences = [step.confidence for step in answer.steps]
    assert answer.chosen in confidences
    assert abs(answer.chosen - point.confidence) <= 0.025


def test_confusions_are_ranked_with_their_intervals(tmp_path):
    (step, *_) = confused(write_tracked(tmp_path / "train")).steps
    (worst,) = step.ranked
    assert (worst.predicted, worst.true, worst.count, worst.of) == (1, 0, 20, 30)
    assert worst.share == pytest.approx(20 / 30, abs=1e-6)
    assert worst.interval == pytest.approx(wilson(20 / 30, 30), abs=1e-5)


def test_an_evaluation_counts_before_the_recording(tmp_path):
    run = write_evaluated(write_tracked(tmp_path / "train"), a_validation(seed=3))
    assert confused(run).validated.startswith("best.pt validated again")


def test_a_single_class_has_its_background(tmp_path):
    arrays_ = arrays_of(a_single_class(), matrix=False)
    arrays_ |= {
        "matrix_confidence": np.array([0.001, 0.5], np.float32),
        "matrix_nonzero": np.array([[0, 0, 0], [0, 0, 1], [1, 1, 0]], np.uint16),
        "matrix_count": np.array([9, 3, 4], np.uint32),
    }
    answer = confused(write_tracked(tmp_path / "train", a_single_class(), ("part",), arrays_))
    assert (answer.names, answer.background) == (["part"], True)
    assert [step.ranked for step in answer.steps] == [[], []]


def test_many_classes_are_answered(tmp_path):
    names = tuple(f"kind {number}" for number in range(80))
    arrays_ = {**arrays_of(a_validation(), matrix=False), **matrix_arrays(80)}
    answer = confused(write_tracked(tmp_path / "train", a_validation(), names, arrays_))
    assert len(answer.names) == 80
    assert answer.steps[0].cells[-1] == (80, 0, 5)


@given(arrays.arrays(np.int64, st.just((5, 5)), elements=st.integers(0, 30)))
def test_ranking_is_that_of_plain_counting(matrix):
    (predicted, true) = np.nonzero(matrix)
    cells = np.column_stack([predicted, true, matrix[predicted, true]])
    found = ranked(cells, 4)
    plain = sorted(
        (-int(matrix[p, t]), t, p) for p in range(4) for t in range(4) if p != t and matrix[p, t]
    )
    assert [(-one.count, one.true, one.predicted) for one in found] == plain
    for one in found:
        assert one.of == matrix[:, one.true].sum()
        assert one.interval[0] <= one.share <= one.interval[1]


def test_nothing_recorded_is_said(tmp_path):
    answer = confused(write_run(tmp_path / "train"))
    assert (answer.source, answer.status, answer.steps) == ("none", "unknown", [])
    assert "runlens evaluate" in answer.reason


def test_only_what_would_count_it_is_advised(tmp_path):
    run = write_run(tmp_path / "train")
    (run / "weights" / "best.pt").unlink()
    assert "evaluate" not in confused(run).reason and "track()" in confused(run).reason
    exp = write_csv(tmp_path / "exp", YOLOV5, rows_of(YOLOV5, (1, 2, 3)))
    assert confused(exp).reason == "no confusion was recorded"


def test_a_folder_that_is_gone_is_said(tmp_path):
    analysis = analyse(open_run(str(write_run(tmp_path / "train"))))
    shutil.rmtree(tmp_path / "train")
    assert confusion_of(analysis).reason == "the run's folder is gone"


def drawn(tmp_path, monkeypatch, *readings: MatrixReading, **arguments) -> ConfusionAnswer:
    """The answer of a run with a picture for each reading, in the order of FILES."""
    run = write_run(tmp_path / "train", **arguments)
    by_name = dict(zip(confusion_drawn.FILES, readings))
    for name in by_name:
        write(run / name, b"a picture")
    monkeypatch.setattr(confusion_drawn, "_read", lambda folder, name, classes: by_name[name])
    return confused(run)


def test_counts_of_a_picture_are_ranked(tmp_path, monkeypatch):
    counts = np.array([[8, 2, 1], [1, 7, 0], [1, 1, 0]])
    answer = drawn(
        tmp_path, monkeypatch, MatrixReading("exact", size=3, normalised=False, counts=counts)
    )
    assert (answer.source, answer.status, answer.shares) == ("picture", "exact", None)
    assert (answer.names, answer.background) == (["class 0", "class 1"], True)
    (step,) = answer.steps
    assert (0, 1, 2) in step.cells
    assert [(one.predicted, one.true, one.count, one.of) for one in step.ranked] == [
        (0, 1, 2, 10),
        (1, 0, 1, 10),
    ]
    assert answer.validated == "best.pt after training, as drawn in confusion_matrix.png"


def test_shares_of_a_picture_are_not_made_counts(tmp_path, monkeypatch):
    shares = np.array([[0.8, np.nan], [0.2, np.nan]])
    answer = drawn(
        tmp_path, monkeypatch, MatrixReading("exact", size=2, normalised=True, shares=shares)
    )
    assert (answer.steps, answer.names) == ([], ["class 0"])
    assert answer.shares == [(0, 0, 0.8), (1, 0, 0.2)]


def test_the_normalised_picture_stands_in_for_one_that_cannot_be_read(tmp_path, monkeypatch):
    shares = MatrixReading("exact", size=2, normalised=True, shares=np.eye(2))
    answer = drawn(tmp_path, monkeypatch, MatrixReading("unreadable", "No colour bar."), shares)
    assert answer.validated.endswith("confusion_matrix_normalized.png")


def test_a_picture_that_cannot_be_read_says_why(tmp_path):
    run = write_run(tmp_path / "train")
    write(run / "confusion_matrix.png", b"no picture")
    answer = confused(run)
    assert (answer.source, answer.status) == ("picture", "unreadable")
    assert answer.reason.startswith("confusion_matrix.png could not be read: ")
    assert (answer.names, answer.steps, answer.shares) == ([], [], None)


@pytest.mark.parametrize(
    ("framework", "version", "arguments", "confidence"),
    [
        ("ultralytics", "8.4.180", {}, 0.001),
        ("ultralytics", "8.4.130", {}, 0.25),
        ("ultralytics", "8.2.0", {}, 0.25),
        ("ultralytics", None, {}, None),
        ("ultralytics", "8.2.0", {"conf": 0.4}, 0.4),
        ("yolov5", None, {}, 0.25),
        ("yolov7", None, {}, 0.25),
        ("unknown", None, {}, None),
    ],
)
def test_the_release_tells_the_confidence_of_a_picture(framework, version, arguments, confidence):
    run = run_of(framework, **arguments)
    known = None if version is None else Version(version, version, "checkpoint")
    assert matrix_confidence(replace(run, version=known)) == confidence
