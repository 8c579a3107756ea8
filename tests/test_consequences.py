"""What follows from the release that wrote a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.releases import consequences as page
from tensorboard_runlens.releases.consequences import consequences, legal
from tensorboard_runlens.releases.evidence import release
from tensorboard_runlens.run import Version
from tests.builders import write_detect


@pytest.fixture
def run_of_framework(tmp_path):
    """A run as another framework and release would have written it."""
    run = open_run(str(write_detect(tmp_path, [1, 2])))
    return lambda framework, version: replace(run, framework=framework, version=version)


def version(low, high=None):
    return Version(low, high, "argument names")


@pytest.mark.parametrize(
    ("behaviour", "low", "high", "value"),
    [
        (page.FITNESS, "8.3.38", "8.3.104", (0.1, 0.9)),
        (page.FITNESS, "8.3.198", None, (0.0, 1.0)),
        (page.FITNESS, "8.3.196", "8.3.253", None),
        (page.AVERAGE_PRECISION, None, "8.4.36", "line"),
        (page.AVERAGE_PRECISION, "8.4.37", None, "drop"),
        (page.MATRIX_CONFIDENCE, "8.3.9", "8.4.102", 0.25),
        (page.MATRIX_CONFIDENCE, "8.4.103", "8.4.116", 0.001),
        (page.MATRIX_CONFIDENCE, "8.4.117", "8.4.170", 0.25),
        (page.MATRIX_CONFIDENCE, "8.4.171", None, 0.001),
        (page.MATRIX_CONFIDENCE, "8.4.100", "8.4.110", None),
        (page.FIRST_EPOCH, None, "8.0.161", 0),
        (page.MATCHING, "8.4.176", None, "confidence"),
        (page.CURVE_SMOOTHING, None, "8.3.102", 0.05),
        (page.STOPPING_TIES, "8.3.75", None, "first"),
        (page.WITHOUT_TRUE_POSITIVES, None, "8.3.78", "repeated"),
        (page.EXISTING_TABLE, "8.3.214", None, "replaced"),
        (page.YOLOV5_AVERAGE_PRECISION, "6.0", None, "line"),
        (page.YOLOV5_AVERAGE_PRECISION, None, "4.0", "drop"),
        (page.YOLOV5_AVERAGE_PRECISION, "5.0", "5.0", None),
        (page.YOLOV5_WORKING_POINT, "6.2", None, "smoothed"),
        (page.YOLOV5_WORKING_POINT, "6.1", "7.0", None),
    ],
)
def test_a_span_on_one_side_of_a_change_is_known(behaviour, low, high, value):
    assert behaviour.known(version(low, high)) == value


def test_the_newest_form_comes_first_and_each_value_once():
    assert [form.value for form in page.FITNESS.possible(None)] == [(0.0, 1.0), (0.1, 0.9)]
    assert [form.value for form in page.MATRIX_CONFIDENCE.possible(None)] == [0.001, 0.25]


@pytest.mark.parametrize("behaviour", page.ULTRALYTICS, ids=lambda one: one.name)
def test_every_release_of_ultralytics_has_one_form(behaviour):
    edges = [edge for form in behaviour.forms for edge in (form.first, form.last) if edge]
    for edge in ("8.0.0", "8.4.190", *edges):
        assert behaviour.known(version(edge, edge)) is not None
    ends = sorted(release(form.last) for form in behaviour.forms if form.last)
    starts = sorted(release(form.first) for form in behaviour.forms if form.first)
    assert [(*end[:2], end[2] + 1) for end in ends] == starts


def test_a_run_says_what_is_known_and_what_is_not(run_of_framework):
    run = run_of_framework("ultralytics", version("8.3.196", "8.3.253"))
    by_name = {one.name: one for one in consequences(run)}
    assert len(by_name) == len(page.ULTRALYTICS)
    assert by_name["average precision"].known
    assert by_name["fitness"].possible == ("mAP50-95", "0.1 mAP50 + 0.9 mAP50-95")
    assert not by_name["fitness"].known


@pytest.mark.parametrize(
    ("asked", "said"),
    [(True, (page._LINE,)), (False, (page._DROP,)), (None, (page._DROP, page._LINE))],
)
def test_yolov7_is_asked_for_its_formula_by_an_argument(run_of_framework, asked, said):
    run = replace(run_of_framework("yolov7", None), arguments={"v5_metric": asked})
    by_name = {one.name: one.possible for one in consequences(run)}
    assert by_name["average precision"] == said
    assert by_name["fitness"] == ("0.1 mAP50 + 0.9 mAP50-95",)


def test_nothing_follows_for_an_unknown_framework(run_of_framework):
    run = run_of_framework("unknown", None)
    assert consequences(run) == []
    assert legal("epochs", run) is None


def test_advice_can_be_gated_by_the_release(run_of_framework):
    old = run_of_framework("ultralytics", version("8.3.9", "8.4.36"))
    assert legal("cls_pw", old) is False
    assert legal("cls_pw", replace(old, version=version("8.4.37"))) is True
    assert legal("seed", run_of_framework("yolov5", version("6.2"))) is True
    assert legal("seed", run_of_framework("yolov7", version("0.1"))) is None
