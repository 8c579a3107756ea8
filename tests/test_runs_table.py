"""A row of the Runs page: what its columns show, in few digits and few words."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any, Optional

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.answers.runs_table import MAX_MODEL, model_name, sparkline
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.targets import Target
from tensorboard_runlens.todo import MAX_LENGTH, todo
from tests.builders import set_times, write_detect
from tests.rules import trainings
from tests.rules.cases import all_cases
from tests.rules.trainings import HEALTHY, OVERFITTED, analysed


def row_of(analysis: Analysis) -> schema.TableRow:
    return answers.table_row(analysis, False, 0)


def test_a_row_has_at_most_forty_points(tmp_path: Path) -> None:
    row = row_of(analysed(HEALTHY, tmp_path))
    assert len(row.sparkline) == answers.SPARKLINE_POINTS
    assert row.sparkline[-1] == pytest.approx(HEALTHY.map50_95[-1], abs=0.005)


@given(st.lists(st.floats(0, 1) | st.just(math.nan), max_size=200))
def test_a_curve_keeps_its_ends_and_its_gaps(values: list[float]) -> None:
    points = sparkline(np.array(values))
    assert len(points) == min(len(values), answers.SPARKLINE_POINTS)
    known = [value for value in values if not math.isnan(value)]
    for shown, value in zip(points[:1] + points[-1:], values[:1] + values[-1:]):
        if shown is None:
            assert math.isnan(value)
        else:
            height = max(known) - min(known)
            assert shown == pytest.approx(value, abs=max(height / 20, 1e-4))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"model": "yolo11n-seg.pt"}, "yolo11n-seg"),
        ({"model": "/home/anna/yolov8s.yaml"}, "yolov8s"),
        ({"model": "C:\\sets\\yolov9c.pt"}, "yolov9c"),
        ({"cfg": "cfg/training/yolov7-tiny.yaml", "weights": ""}, "yolov7-tiny"),
        ({"cfg": "", "weights": "yolov5s.pt"}, "yolov5s"),
        ({"model": "runs/train/weights/best.pt", "cfg": "yolov5m.yaml"}, "yolov5m"),
        ({"model": "runs/train/weights/last.pt"}, None),
        ({"model": "unet"}, "unet"),
        ({"model": ".pt"}, ".pt"),
        ({"model": ["a"], "cfg": 3, "weights": None}, None),
        ({"model": "x" * 10_000}, "x" * MAX_MODEL),
        ({}, None),
    ],
)
def test_the_network_as_the_arguments_name_it(arguments: Any, name: Optional[str]) -> None:
    assert model_name(arguments) == name


def test_epochs_to_95_and_the_highest_f1_are_those_of_a_comparison(tmp_path: Path) -> None:
    write_detect(tmp_path / "a", range(1, 60))
    analysis = analyse(open_run(str(tmp_path / "a")))
    row = row_of(analysis)
    curve = analysis.run.history.metrics["box"]
    f1 = 2 * curve["precision"] * curve["recall"] / (curve["precision"] + curve["recall"])
    assert row.f1_best == pytest.approx(f1.max(), rel=1e-3)
    assert row.to_95 is not None
    reached = curve["map50_95"] >= 0.95 * curve["map50_95"].max()
    assert abs(row.to_95 - 1 - int(reached.argmax())) <= 2


def test_what_shakes_has_more_unrest(tmp_path: Path) -> None:
    still = row_of(analysed(HEALTHY, tmp_path / "still"))
    noise = np.random.default_rng(0).normal(0, 0.05, len(HEALTHY))
    shaken = [min(max(one + more, 0.0), 1.0) for one, more in zip(HEALTHY.map50_95, noise)]
    shaking = row_of(analysed(HEALTHY.changed(map50_95=shaken), tmp_path / "shaking"))
    assert still.unrest is not None
    assert shaking.unrest is not None
    assert shaking.unrest > 2 * still.unrest


def test_only_a_running_training_has_time_left(tmp_path: Path) -> None:
    run = write_detect(tmp_path / "a", range(1, 20), epochs=100)
    set_times(run, newest=time.time(), spread=3600.0)
    running = analyse(open_run(str(run)))
    assert running.state == "running"
    assert row_of(running).left
    later = analyse(open_run(str(run)), now=time.time() + 1e6)
    assert row_of(later).left is None


@pytest.mark.parametrize(
    ("least", "most", "status"),
    [(0.99, 0.99, "missed"), (0.01, 0.99, "met"), (0.01, 0.02, "exceeded")],
)
def test_the_worst_target_stands_for_all(
    tmp_path: Path, least: float, most: float, status: str
) -> None:
    exceeded = Target("map50_95", 0.01, 0.02)
    targets = [exceeded, Target("map50_95", least, most)]
    row = row_of(analysed(HEALTHY.changed(targets=targets), tmp_path))
    assert row.target == status
    assert row_of(analysed(HEALTHY, tmp_path / "without")).target is None


def test_the_next_step_has_the_line_to_change(tmp_path: Path) -> None:
    short = trainings.first(HEALTHY, 3).changed(args={"epochs": 3})
    assert todo(analysed(short, tmp_path / "short")) == (
        "Train for 50 epochs or more before comparing or deploying (epochs=50)"
    )


def test_the_page_of_a_run_begins_with_the_step_of_its_row(tmp_path: Path) -> None:
    named = 0
    for rule, cases in all_cases().items():
        analysis = analysed(cases.fires.case, tmp_path / rule)
        listed = answers.detailed_run_of(analysis).steps
        step = todo(analysis)
        known = {one.key for finding in analysis.findings for one in finding.advice}
        assert {one.advice.key for one in listed} <= known
        if listed:
            named += 1
            assert step is not None
            assert listed[0].advice.text.startswith(step.split(" (")[0].rstrip("…"))
    assert named > 20


def test_what_the_headline_says_is_not_said_again(tmp_path: Path) -> None:
    analysis = analysed(OVERFITTED, tmp_path)
    step = todo(analysis)
    assert step is not None
    assert step not in analysis.headline
    assert not step.startswith("Deploy")


def test_no_example_of_a_rule_has_a_long_step_or_repeats_its_headline(tmp_path: Path) -> None:
    steps = []
    for rule, cases in all_cases().items():
        analysis = analysed(cases.fires.case, tmp_path / rule)
        step = todo(analysis)
        if step is not None:
            steps.append(step)
            assert len(step) <= MAX_LENGTH
            assert not step.endswith(".")
            assert step.lower() not in analysis.headline.lower()
    assert len(set(steps)) > 20


@given(st.lists(st.floats(), min_size=1, max_size=60))
def test_a_curve_of_any_numbers_is_json(values: list[float]) -> None:
    points = sparkline(np.array(values))
    assert all(one is None or math.isfinite(one) for one in points)
    assert [one is None for one in points[:1]] == [not math.isfinite(values[0])]


def test_absurd_metrics_still_make_a_row(tmp_path: Path) -> None:
    wild = [(-1e308, 1e308, 0.5)[number % 3] for number in range(len(HEALTHY))]
    row = row_of(analysed(HEALTHY.changed(map50_95=wild), tmp_path))
    assert msgspec.json.decode(msgspec.json.encode(row), type=schema.TableRow).logged == 60


def test_numbers_of_a_row_have_four_digits(tmp_path: Path) -> None:
    row = msgspec.to_builtins(row_of(analysed(HEALTHY, tmp_path)))
    numbers = [row[name] for name in ("precision", "recall", "f1", "f1_best", "unrest", "seconds")]
    assert all(one == float(f"{one:.4g}") for one in numbers if one is not None)
    assert any(numbers)
