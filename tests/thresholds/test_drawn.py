"""The operating point of a curve picture: as printed, or as traced, or not at all."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.deployment.classes import class_lines
from tensorboard_runlens.deployment.study import Study
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.of_run.curve_pictures import (
    Drawn,
    another_training,
    curves_drawn,
    groups_drawn,
    point_of,
    whose,
)
from tensorboard_runlens.thresholds.picture import CurveReading
from tensorboard_runlens.thresholds.pictures.class_curves import ClassCurve
from tensorboard_runlens.thresholds.point import OperatingPoint
from tests.test_commands import run_of
from tests.thresholds.runs import write_run
from tests.thresholds.test_study import studied, with_picture

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
GRID = np.linspace(0, 1, 101)

READ = {
    "AFei19911012__PythonSamples/yolov5__runs__train__exp": (None, 0.363, 0.61),
    "Andyt212__YOLO/runs__segment__train": ("box", 0.503, 0.98),
    "Abdelrhman941__Vehicle-Detection-Project/runs__detect__train": (None, 0.424, 0.91),
    "Helambe-vaibhav__Yolo7/runs__train__exp3": (None, 0.069, 0.44),
    "vbalab__YOLO26m-pose-hands/runs__pose__train": ("box", 0.57, 0.98),
}
"""Runs of the corpus: group, confidence and F1 as they are printed in the picture."""


def reading(kind: str, value: float) -> CurveReading:
    """An exact one, printed with two digits at confidence .4; the curve is flat."""
    return CurveReading(
        kind=kind,
        status="exact",
        value=round(value, 2),
        confidence=0.4,
        value_curve=value,
        confidence_curve=0.402,
        curve=np.column_stack([GRID, np.full(len(GRID), value)]),
    )


def pictures(**readings: CurveReading) -> Drawn:
    return Drawn("box", {kind: (f"{kind}.png", one) for (kind, one) in readings.items()})


def test_f1_has_the_traced_digits_where_they_round_to_the_printed_ones():
    assert point_of(pictures(f1=reading("f1", 0.6134))).f1 == 0.6134
    other = replace(reading("f1", 0.6134), value=0.6)
    assert point_of(pictures(f1=other)).f1 == 0.6


def test_an_approximate_reading_has_what_was_traced():
    doubt = replace(
        reading("f1", 0.6134), status="approximate", value=None, confidence=None, reason="blur"
    )
    found = point_of(pictures(f1=doubt))
    assert (found.status, found.confidence, found.f1) == ("approximate", 0.402, 0.6134)
    assert found.reason == "blur"


def test_precision_and_recall_come_from_their_own_pictures():
    found = point_of(pictures(f1=reading("f1", 0.6), p=reading("p", 0.7), r=reading("r", 0.55)))
    assert (found.precision, found.recall) == (0.7, 0.55)
    unreadable = CurveReading("p", "unreadable", "no legend")
    found = point_of(pictures(f1=reading("f1", 0.6), p=unreadable))
    assert (found.precision, found.recall) == (None, None)


def test_nothing_is_read_under_the_frame():
    hidden = reading("p", 0.7)
    hidden = replace(hidden, curve=hidden.curve[1:])  # begins at .01
    at_the_edge = replace(reading("f1", 0.6), confidence=0.0)
    assert point_of(pictures(f1=at_the_edge, p=hidden)).precision is None
    assert point_of(pictures(f1=reading("f1", 0.6), p=hidden)).precision == 0.7


def test_an_unreadable_picture_says_which_and_why():
    found = point_of(pictures(f1=CurveReading("f1", "unreadable", "No legend.")))
    assert (found.status, found.confidence) == ("unreadable", None)
    assert found.reason == "f1.png could not be read: No legend."


def test_three_pictures_make_curves():
    all_three = pictures(f1=reading("f1", 0.6), p=reading("p", 0.7), r=reading("r", 0.55))
    curves = curves_drawn(all_three)
    assert np.allclose(curves.precision, 0.7) and np.allclose(curves.recall, 0.55)
    assert (curves.confidence[0], curves.confidence[-1]) == (0, 1)
    assert curves_drawn(pictures(f1=reading("f1", 0.6), p=reading("p", 0.7))) is None


@pytest.mark.parametrize(
    ("framework", "table", "best"),
    [
        ("ultralytics", "results.csv", True),
        ("yolov5", "results.csv", True),
        ("yolov5", "results.txt", False),
        ("yolov7", "results.txt", False),
        ("yolov7", "results.csv", False),
    ],
)
def test_whose_picture_it_is(framework, table, best):
    run = run_of(framework)
    run = replace(run, files=replace(run.files, by_role={"results": (table,)}))
    assert whose(run).startswith("best.pt") == best


def test_classes_of_a_picture_have_the_names_of_those_that_were_validated():
    seen = tuple(ClassCurve(row, 0.8, 0.7, 0.3 + row / 10, GRID[:0]) for row in (0, 2))
    drawn = pictures(f1=replace(reading("f1", 0.6), classes=seen))
    known = Study(F1, "box", ("box",), point_of(drawn), drawn=drawn)
    lines = class_lines(known, ("disc", "square", "ring"))
    assert [(line.name, line.confidence, line.value) for line in lines] == [
        ("disc", 0.3, 0.7),
        ("ring", 0.5, 0.7),
    ]
    assert {line.verdict for line in lines} == {"unknown"}
    assert [line.name for line in class_lines(known, ("disc",))] == [
        "legend line 1",
        "legend line 3",
    ]


def test_only_a_gross_difference_is_a_doubt():
    table = OperatingPoint(f1=0.70)
    near = OperatingPoint(f1=0.55, precision=0.70, recall=0.66)  # F1 of the means: .68
    assert another_training(near, table) == ""
    far = OperatingPoint(f1=0.55, precision=0.60, recall=0.50)
    assert "may be of another training" in another_training(far, table)
    assert another_training(OperatingPoint(f1=0.5), OperatingPoint()) == ""
    # The mean F1 alone may lie well below that of the means, and never far above it.
    assert another_training(OperatingPoint(f1=0.5), table) == ""
    assert another_training(OperatingPoint(f1=0.4), table) != ""
    assert another_training(OperatingPoint(f1=0.85), table) != ""


def test_pictures_of_precision_alone_are_no_group(tmp_path):
    shutil.copy(
        with_picture(write_run(tmp_path / "a")) / "BoxF1_curve.png",
        tmp_path / "a" / "BoxP_curve.png",
    )
    run = open_run(str(tmp_path / "a"))
    assert groups_drawn(run) == {"box": {"f1": "BoxF1_curve.png", "p": "BoxP_curve.png"}}
    os.remove(tmp_path / "a" / "BoxF1_curve.png")
    assert groups_drawn(open_run(str(tmp_path / "a"))) == {}


def test_a_picture_under_another_name_is_refused(tmp_path):
    run = with_picture(write_run(tmp_path / "a"))
    shutil.copy(run / "BoxF1_curve.png", run / "BoxP_curve.png")
    found = studied(run)
    assert found.drawn.readings["p"][1].status == "unreadable"
    assert found.point.precision is None


def test_the_picture_of_an_earlier_training_is_not_used(tmp_path):
    run = with_picture(write_run(tmp_path / "train", epochs=100))
    os.utime(run / "BoxF1_curve.png", (1_700_000_000, 1_700_000_000))
    found = studied(run)
    assert found.point.source == "results"
    assert "of an earlier training in this folder" in found.point.reason
    finished = with_picture(write_run(tmp_path / "finished", epochs=3))
    os.utime(finished / "BoxF1_curve.png", (1_700_000_000, 1_700_000_000))
    assert studied(finished).point.source == "picture"


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)
@pytest.mark.parametrize("name", READ)
def test_real_runs_have_what_their_pictures_print(name):
    (group, confidence, f1) = READ[name]
    found = studied(CORPUS / name, group=group) if group else studied(CORPUS / name)
    assert (found.point.source, found.point.status) == ("picture", "exact")
    assert found.point.confidence == confidence
    assert found.point.f1 == pytest.approx(f1, abs=0.005)
    truth = json.loads((CORPUS / "f1_legend_truth.json").read_text("utf-8"))
    (said,) = [one for one in truth if one["picture"].startswith(f"{name}/")]
    assert (said["threshold"], said["f1"]) == (confidence, f1)
