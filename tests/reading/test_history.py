"""From rows to epochs: segments, resumes, validation that was not run."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tests.builders import (
    BOX,
    CLASSIFY,
    DETECT,
    DETECT_WITHOUT_TIME,
    YOLOV5,
    YOLOV9,
    kinds,
    rows_of,
    value,
    write_csv,
)

NOT_RUN = dict.fromkeys((*BOX, "val/box_loss", "val/cls_loss", "val/dfl_loss"), 0.0)


def history_of(folder, columns, rows):
    return open_run(str(write_csv(folder, columns, rows))).history


@pytest.mark.parametrize(
    ("epochs", "segments"),
    [
        ([*range(1, 36), *range(1, 36)], ((1, 35), (1, 35))),
        ([*range(1, 14), *range(1, 81)], ((1, 13), (1, 80))),
        ([1, 1], ((1, 1), (1, 1))),
        ([*range(10), 0, 0], ((0, 9), (0, 0), (0, 0))),
        ([54, 55, 56], ((54, 56),)),
        ([54, 55, 0, 1], ((54, 55), (0, 1))),
        ([1], ((1, 1),)),
    ],
    ids=["twice", "longer", "one and one", "two restarts", "from 54", "from 54 anew", "single"],
)
def test_a_return_to_the_first_epoch_begins_a_new_run(tmp_path, epochs, segments):
    run = open_run(str(write_csv(tmp_path, DETECT, rows_of(DETECT, epochs))))
    assert run.logged.segments == segments
    assert run.logged.rows == len(epochs)
    (first, last) = segments[-1]
    assert run.history.epoch.tolist() == list(range(first, last + 1))


def test_appended_runs_are_said_with_the_line_of_the_last(tmp_path):
    run = open_run(str(write_csv(tmp_path, DETECT, rows_of(DETECT, [1, 2, 3, 1, 2]))))
    (problem,) = [one for one in run.problems if one.kind == "appended_runs"]
    assert problem.line == 5
    assert "1-3, 1-2" in problem.problem


def test_of_a_repeated_epoch_the_later_row_holds(tmp_path):
    rows = rows_of(DETECT_WITHOUT_TIME, [1, 2, 3, 4, 3, 4, 5])
    rows[4]["val/box_loss"] = 9.0
    run = open_run(str(write_csv(tmp_path, DETECT_WITHOUT_TIME, rows)))
    assert run.history.epoch.tolist() == [1, 2, 3, 4, 5]
    assert run.history.val["box"][2] == 9.0
    assert run.logged.segments == ((1, 5),)
    assert run.logged.resumed == (3,)
    assert kinds(run.problems) == ["repeated_epochs"]


def test_one_epoch_written_twice_in_the_middle_is_one_epoch(tmp_path):
    run = open_run(str(write_csv(tmp_path, YOLOV5, rows_of(YOLOV5, [188, 189, 190, 190, 191]))))
    assert run.history.epoch.tolist() == [188, 189, 190, 191]
    assert run.logged.rows == 5
    assert run.logged.resumed == (190,)


def test_a_skipped_epoch_stays_skipped(tmp_path):
    run = open_run(str(write_csv(tmp_path, DETECT, rows_of(DETECT, [1, 2, 4, 5]))))
    assert run.history.epoch.tolist() == [1, 2, 4, 5]
    assert run.logged.segments == ((1, 5),)


def test_a_clock_that_restarts_runs_on_and_marks_a_resume(tmp_path):
    rows = rows_of(DETECT, range(1, 7))
    for row, seconds in zip(rows, (10, 20, 30, 8, 16, 24)):
        row["time"] = seconds
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    assert run.history.seconds is not None
    assert run.history.seconds.tolist() == [10, 20, 30, 38, 46, 54]
    assert run.logged.resumed == (4,)
    assert run.logged.segments == ((1, 6),)


def test_a_clock_that_restarts_at_a_repeated_epoch_counts_it_once(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3, 3, 4])
    for row, seconds in zip(rows, (10, 20, 30, 9, 18)):
        row["time"] = seconds
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    assert run.history.seconds is not None
    assert run.history.seconds.tolist() == [10, 20, 29, 38]
    assert run.logged.resumed == (3,)


def test_without_validation_only_the_last_row_is_measured(tmp_path):
    rows = rows_of(DETECT, range(1, 30), **NOT_RUN) + rows_of(DETECT, [30])
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    map50 = run.history.metrics["box"]["map50"]
    assert np.isnan(map50[:-1]).all()
    assert map50[-1] == value(BOX[2], 30)
    assert np.isnan(run.history.val["box"][:-1]).all()
    assert np.isfinite(run.history.train["box"]).all()
    assert kinds(run.problems) == ["validation_not_run"]


def test_validation_that_was_never_run_leaves_no_validation_loss_and_no_zero(tmp_path):
    history = history_of(tmp_path, DETECT, rows_of(DETECT, range(1, 6), **NOT_RUN))
    assert history.val == {}
    assert np.isnan(history.metrics["box"]["map50_95"]).all()


def test_zeros_before_the_first_of_sparse_validations_are_missing(tmp_path):
    rows = rows_of(DETECT, range(1, 5), **NOT_RUN)
    for start in (5, 10):
        copied = {name: value(name, start) for name in NOT_RUN}
        rows += rows_of(DETECT, range(start, start + 5), **copied)
    history = history_of(tmp_path, DETECT, rows)
    assert np.isnan(history.val["box"]).tolist() == [True] * 4 + [False] * 10
    assert history.val["box"][4:9].tolist() == [value("val/box_loss", 5)] * 5


def test_a_model_that_finds_nothing_stays_at_zero(tmp_path):
    history = history_of(tmp_path, DETECT, rows_of(DETECT, range(1, 6), **dict.fromkeys(BOX, 0.0)))
    assert history.metrics["box"]["map50_95"].tolist() == [0.0] * 5
    assert set(history.val) == {"box", "cls", "dfl"}


def test_without_validation_losses_zero_metrics_at_the_start_are_measured(tmp_path):
    zero_loss = {f"val/{name}_loss": 0.0 for name in ("box", "cls", "dfl")}
    zero_metrics = {name: 0.0 for name in YOLOV9 if name.startswith("metrics/")}
    rows = rows_of(YOLOV9, range(3), **zero_loss, **zero_metrics)
    rows += rows_of(YOLOV9, range(3, 20), **zero_loss)
    history = history_of(tmp_path, YOLOV9, rows)
    assert history.val == {}
    assert history.metrics["box"]["map50"][:4].tolist() == [0, 0, 0, value("metrics/mAP_0.5", 3)]


def test_one_validation_loss_that_is_always_zero_is_unused(tmp_path):
    history = history_of(tmp_path, YOLOV5, rows_of(YOLOV5, range(5), **{"val/cls_loss": 0.0}))
    assert set(history.val) == {"box", "obj"}
    assert set(history.train) == {"box", "obj", "cls"}


def test_a_classifier_of_one_class_is_measured_although_its_loss_is_zero(tmp_path):
    fixed = {"val/loss": 0.0, "metrics/accuracy_top1": 1.0, "metrics/accuracy_top5": 1.0}
    history = history_of(tmp_path, CLASSIFY, rows_of(CLASSIFY, range(1, 6), **fixed))
    assert history.val == {}
    assert history.metrics["classify"]["top1"].tolist() == [1.0] * 5


def test_a_loss_that_is_infinite_in_one_row_is_still_used(tmp_path):
    rows = rows_of(DETECT, range(1, 6))
    rows[0]["val/cls_loss"] = "inf"
    history = history_of(tmp_path, DETECT, rows)
    assert np.isinf(history.val["cls"]).tolist() == [True, False, False, False, False]


def test_metrics_without_any_validation_loss_column_are_all_measured(tmp_path):
    columns = ("epoch", "train/box_loss", *BOX)
    rows = rows_of(columns, range(1, 4), **dict.fromkeys(BOX, 0.0))
    assert history_of(tmp_path, columns, rows).metrics["box"]["map50"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("cell", ["inf", "-1", "1.0005"])
def test_a_metric_that_is_no_fraction_is_missing_and_said(tmp_path, cell):
    rows = rows_of(DETECT, range(1, 4))
    rows[1][BOX[2]] = cell
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    map50 = run.history.metrics["box"]["map50"]
    assert np.isnan(map50).tolist() == [False, True, False]
    assert kinds(run.problems) == ["not_a_fraction"]
    assert "map50" in run.problems[0].problem


def test_a_column_of_percentages_is_left_out_whole(tmp_path):
    rows = rows_of(DETECT, range(1, 4))
    for row, percentage in zip(rows, ("0.15", "40.2", "85.3")):
        row[BOX[2]] = percentage
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    assert np.isnan(run.history.metrics["box"]["map50"]).all()
    assert kinds(run.problems) == ["not_a_fraction"]


def test_a_metric_that_is_nan_is_missing_and_no_problem(tmp_path):
    rows = rows_of(DETECT, range(1, 4))
    rows[1][BOX[2]] = "nan"
    run = open_run(str(write_csv(tmp_path, DETECT, rows)))
    assert np.isnan(run.history.metrics["box"]["map50"]).tolist() == [False, True, False]
    assert run.problems == ()


def test_losses_without_any_metric_are_a_run(tmp_path):
    columns = ("epoch", "train/loss", "val/loss")
    run = open_run(str(write_csv(tmp_path, columns, rows_of(columns, range(1, 4)))))
    assert run.history.metrics == {}
    assert (run.framework, run.task) == ("unknown", "unknown")
