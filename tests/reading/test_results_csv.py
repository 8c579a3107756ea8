"""results.csv in every shape that frameworks, editors and spreadsheets give it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tests.builders import (
    BOX,
    CLASSIFY,
    DETECT,
    DETECT_WITHOUT_TIME,
    OBB,
    POSE_COLUMNS,
    SEGMENT,
    SEMANTIC,
    YOLOV5,
    csv_text,
    kinds,
    rows_of,
    ultralytics,
    value,
    write,
    write_args,
    write_csv,
)


def read(folder, text):
    """The run of a folder that holds results.csv with this text."""
    write(folder / "results.csv", text)
    return open_run(str(folder))


def test_every_cell_lands_under_its_name(tmp_path):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2, 3])))
    history = run.history
    assert history.epoch.tolist() == [1, 2, 3]
    assert set(history.train) == set(history.val) == {"box", "cls", "dfl"}
    assert history.train["cls"].tolist() == [value("train/cls_loss", n) for n in (1, 2, 3)]
    assert history.val["dfl"].tolist() == [value("val/dfl_loss", n) for n in (1, 2, 3)]
    assert set(history.metrics) == {"box"}
    assert history.metrics["box"]["map50_95"].tolist() == [value(BOX[3], n) for n in (1, 2, 3)]
    assert set(history.metrics["box"]) == {"precision", "recall", "map50", "map50_95"}
    assert set(history.lr) == {"pg0", "pg1", "pg2"}
    assert history.seconds is not None
    assert history.seconds.tolist() == [20, 30, 40]
    assert run.problems == ()


def test_a_padded_table_reads_like_an_unpadded_one(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3])
    plain = read(tmp_path / "plain", csv_text(DETECT, rows)).history
    padded = read(tmp_path / "padded", csv_text(DETECT, rows, padded=True)).history
    assert padded.val.keys() == plain.val.keys()
    np.testing.assert_array_equal(padded.val["box"], plain.val["box"])
    np.testing.assert_array_equal(padded.metrics["box"]["map50"], plain.metrics["box"]["map50"])


@pytest.mark.parametrize("first", [0, 1, 54])
def test_epochs_keep_the_number_that_the_framework_wrote(tmp_path, first):
    epochs = range(first, first + 4)
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, epochs)))
    assert run.history.epoch.tolist() == list(epochs)
    assert run.logged.segments == ((first, first + 3),)
    assert run.logged.rows == 4


def test_without_a_time_column_no_time_is_made_up(tmp_path):
    run = read(tmp_path, csv_text(DETECT_WITHOUT_TIME, rows_of(DETECT_WITHOUT_TIME, [1, 2])))
    assert run.history.seconds is None


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (ultralytics("giou", "cls", "l1"), {"giou", "cls", "l1"}),
        (ultralytics("box", "seg", "cls", "dfl", "sem"), {"box", "seg", "cls", "dfl", "sem"}),
        (ultralytics("box", "pose", "rle"), {"box", "pose", "rle"}),
        (ultralytics("box", "cls", "angle"), {"box", "cls", "angle"}),
        (
            ("epoch", "train/box_om", "train/box_oo", *BOX, "val/box_om", "val/box_oo"),
            {"box_om", "box_oo"},
        ),
        (("epoch", "train/box", "train/cls", *BOX, "val/box", "val/cls"), {"box", "cls"}),
    ],
    ids=["rt-detr", "yolo26-seg", "yolo26-pose", "obb", "yolov10", "yoloe"],
)
def test_a_loss_of_any_name_is_a_loss(tmp_path, columns, expected):
    history = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2]))).history
    assert set(history.train) == expected
    assert set(history.val) == expected


@pytest.mark.parametrize(
    ("columns", "task", "groups"),
    [
        (DETECT, "detect", {"box"}),
        (SEGMENT, "segment", {"box", "mask"}),
        (POSE_COLUMNS, "pose", {"box", "pose"}),
        (OBB, "obb", {"box"}),
        (CLASSIFY, "classify", {"classify"}),
        (SEMANTIC, "semantic", {"pixel"}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_columns_tell_task_and_framework(tmp_path, columns, task, groups):
    run = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2])))
    assert (run.framework, run.task) == ("ultralytics", task)
    assert set(run.history.metrics) == groups


def test_rotated_boxes_without_an_angle_loss_are_told_by_the_arguments(tmp_path):
    write_args(tmp_path, task="obb", mode="train", epochs=10)
    assert read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2]))).task == "obb"


def test_what_the_columns_prove_outweighs_the_arguments(tmp_path):
    write_args(tmp_path, task="detect", mode="train", epochs=10)
    assert read(tmp_path, csv_text(SEGMENT, rows_of(SEGMENT, [1, 2]))).task == "segment"


def test_columns_in_the_middle_that_nobody_knows_shift_nothing(tmp_path):
    columns = list(DETECT)
    columns[7:7] = ["metrics/precision@0.4(B)", "best_epoch"]
    history = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2]))).history
    assert history.metrics["box"]["map50_95"].tolist() == [value(BOX[3], n) for n in (1, 2)]
    assert set(history.metrics["box"]) == {"precision", "recall", "map50", "map50_95"}
    assert set(history.other) == {"metrics/precision@0.4(B)", "best_epoch"}


def test_the_columns_that_weights_and_biases_adds_at_the_end_are_kept_apart(tmp_path):
    columns = (*DETECT, "_timestamp", "_runtime")
    run = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2])))
    assert set(run.history.other) == {"_timestamp", "_runtime"}
    assert run.history.lr["pg2"].tolist() == [value("lr/pg2", n) for n in (1, 2)]


def test_eight_learning_rate_groups_are_read(tmp_path):
    columns = (*DETECT, *(f"lr/pg{group}" for group in range(3, 8)))
    run = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2])))
    assert list(run.history.lr) == [f"pg{group}" for group in range(8)]


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["windows", "old mac"])
def test_other_line_ends_make_no_difference(tmp_path, end):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2]), end=end))
    assert run.history.epoch.tolist() == [1, 2]
    assert run.history.lr["pg2"].tolist() == [value("lr/pg2", n) for n in (1, 2)]
    assert run.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path, encoding):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2])).encode(encoding))
    assert run.framework == "ultralytics"
    assert run.history.epoch.tolist() == [1, 2]
    assert run.problems == ()


def test_big_endian_utf16_is_read(tmp_path):
    text = "\ufeff" + csv_text(DETECT, rows_of(DETECT, [1, 2]))
    assert read(tmp_path, text.encode("utf-16-be")).history.epoch.tolist() == [1, 2]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_copy_with_decimal_commas_is_read(tmp_path, separator):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2]), separator=separator).replace(".", ",")
    run = read(tmp_path, text)
    assert run.history.train["box"].tolist() == [value("train/box_loss", n) for n in (1, 2)]
    assert run.problems == ()


def test_quoted_cells_are_read(tmp_path):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2]))
    quoted = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    )
    assert read(tmp_path, quoted + "\n").history.epoch.tolist() == [1, 2]


def test_an_index_column_without_a_name_is_passed_over(tmp_path):
    lines = csv_text(DETECT, rows_of(DETECT, [1, 2])).splitlines()
    indexed = [f"{index - 1 if index else ''},{line}\n" for (index, line) in enumerate(lines)]
    history = read(tmp_path, "".join(indexed)).history
    assert history.epoch.tolist() == [1, 2]
    assert history.train["box"].tolist() == [value("train/box_loss", n) for n in (1, 2)]


def test_a_separator_at_the_end_of_every_line_adds_no_column(tmp_path):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2])).replace("\n", ",\n"))
    assert run.history.epoch.tolist() == [1, 2]
    assert run.problems == ()


def test_of_two_columns_with_one_name_the_first_counts_and_it_is_said(tmp_path):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2]))
    doubled = [line + cell for (line, cell) in zip(text.splitlines(), [",time", ",7", ",7"])]
    run = read(tmp_path, "\n".join(doubled) + "\n")
    assert run.history.seconds is not None
    assert run.history.seconds.tolist() == [20, 30]
    assert kinds(run.problems) == ["duplicate_column"]


def test_a_second_header_of_the_same_names_is_passed_over(tmp_path):
    first = csv_text(DETECT, rows_of(DETECT, [1, 2]))
    second = csv_text(DETECT, rows_of(DETECT, [3, 4]))
    run = read(tmp_path, first + second)
    assert run.history.epoch.tolist() == [1, 2, 3, 4]
    assert run.logged.rows == 4


def test_rows_below_another_header_are_read_by_that_header(tmp_path):
    other = ("epoch", *DETECT[3:], "train/box_loss")
    text = csv_text(DETECT, rows_of(DETECT, [1])) + csv_text(other, rows_of(other, [2]))
    run = read(tmp_path, text)
    assert run.history.train["box"].tolist() == [value("train/box_loss", n) for n in (1, 2)]
    assert kinds(run.problems) == ["second_header"]


def test_blank_lines_anywhere_are_passed_over(tmp_path):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2, 3])).replace("\n", "\n\n  \n")
    run = read(tmp_path, "\n\n" + text)
    assert run.history.epoch.tolist() == [1, 2, 3]
    assert run.logged.rows == 3
    assert run.problems == ()


def test_scientific_notation_and_whole_numbers_are_numbers(tmp_path):
    rows = rows_of(DETECT, [1], **{"lr/pg0": "8.33e-06", "val/box_loss": "1E+2", BOX[0]: "1"})
    history = read(tmp_path, csv_text(DETECT, rows)).history
    assert history.lr["pg0"][0] == 8.33e-06
    assert history.val["box"][0] == 100
    assert history.metrics["box"]["precision"][0] == 1


def test_nan_and_infinity_stay_what_they_are(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3])
    rows[0]["val/cls_loss"] = "inf"
    rows[1]["val/cls_loss"] = "nan"
    run = read(tmp_path, csv_text(DETECT, rows))
    (infinite, missing, number) = run.history.val["cls"]
    assert math.isinf(infinite)
    assert math.isnan(missing)
    assert number == value("val/cls_loss", 3)
    assert run.problems == ()


@pytest.mark.parametrize("cell", ["", "None", "NULL", "n/a"])
def test_an_empty_cell_is_missing_and_no_problem(tmp_path, cell):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2], **{"val/cls_loss": cell})))
    assert run.history.val.get("cls") is None
    assert run.history.epoch.tolist() == [1, 2]
    assert run.problems == ()


def test_a_word_in_a_cell_is_missing_and_said_with_its_line(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3])
    rows[1]["val/box_loss"] = "oops"
    run = read(tmp_path, csv_text(DETECT, rows))
    assert np.isnan(run.history.val["box"]).tolist() == [False, True, False]
    (problem,) = run.problems
    assert (problem.file, problem.line, problem.kind) == ("results.csv", 3, "not_a_number")
    assert "val/box_loss" in problem.problem
    assert "oops" in problem.problem


def test_a_row_without_an_epoch_number_is_no_epoch(tmp_path):
    rows = rows_of(DETECT, [1, 2, 3])
    rows[1]["epoch"] = "x"
    run = read(tmp_path, csv_text(DETECT, rows))
    assert run.history.epoch.tolist() == [1, 3]
    assert "no_epoch" in kinds(run.problems)


@pytest.mark.parametrize("epoch", ["1.5", "-1", "1e300", "inf", "99999999999999999999"])
def test_a_number_that_cannot_be_an_epoch_is_left_out(tmp_path, epoch):
    rows = rows_of(DETECT, [1, 2])
    rows[1]["epoch"] = epoch
    run = read(tmp_path, csv_text(DETECT, rows))
    assert run.history.epoch.tolist() == [1]
    assert kinds(run.problems) == ["no_epoch"]


def test_a_row_with_too_many_cells_is_left_out_and_said(tmp_path):
    lines = csv_text(DETECT, rows_of(DETECT, [1, 2, 3])).splitlines()
    lines[2] += ",9,9"
    run = read(tmp_path, "\n".join(lines) + "\n")
    assert run.history.epoch.tolist() == [1, 3]
    assert [(problem.kind, problem.line) for problem in run.problems] == [("long_row", 3)]


def test_a_row_with_too_few_cells_is_left_out_and_said(tmp_path):
    lines = csv_text(DETECT, rows_of(DETECT, [1, 2, 3])).splitlines()
    lines[2] = lines[2].rsplit(",", 4)[0]
    run = read(tmp_path, "\n".join(lines) + "\n")
    assert run.history.epoch.tolist() == [1, 3]
    assert [(problem.kind, problem.line) for problem in run.problems] == [("short_row", 3)]


@pytest.mark.parametrize("count", [40, 4096, 200_000])
def test_a_last_line_of_nul_bytes_costs_only_itself(tmp_path, count):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2]))
    run = read(tmp_path, text.encode() + b"\0" * count)
    assert run.history.epoch.tolist() == [1, 2]
    assert run.logged.rows == 2
    assert [(problem.kind, problem.line) for problem in run.problems] == [("damaged", 4)]


def test_a_half_written_last_line_is_no_epoch(tmp_path):
    text = csv_text(DETECT, rows_of(DETECT, [1, 2, 3]))
    run = read(tmp_path, text[:-60])
    assert run.history.epoch.tolist() == [1, 2]
    assert run.logged.rows == 2
    assert kinds(run.problems) == ["half_written"]


def test_a_complete_last_line_without_line_end_is_an_epoch(tmp_path):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, [1, 2])).rstrip("\n"))
    assert run.history.epoch.tolist() == [1, 2]
    assert run.problems == ()


def test_a_table_wider_than_any_framework_writes_is_refused(tmp_path):
    columns = (*DETECT, *(f"x{n}" for n in range(600)))
    write_args(tmp_path, epochs=3)
    run = read(tmp_path, csv_text(columns, rows_of(columns, [1])))
    assert len(run.history) == 0
    assert kinds(run.problems) == ["too_wide"]


def test_many_problems_of_one_kind_do_not_flood_the_page(tmp_path):
    run = read(tmp_path, csv_text(DETECT, rows_of(DETECT, range(1, 200), time="?")))
    assert len(run.history) == 199
    assert 0 < len(run.problems) <= 20


def test_a_home_made_table_is_read_by_what_its_names_mean(tmp_path):
    columns = ("epoch", "box_loss", "val_box_loss", "lr", "mAP50")
    run = read(tmp_path, csv_text(columns, rows_of(columns, [1, 2])))
    assert run.framework == "unknown"
    assert set(run.history.train) == set(run.history.val) == {"box"}
    assert set(run.history.metrics["box"]) == {"map50"}
    assert set(run.history.lr) == {"pg0"}


def test_yolov5_marks_in_the_header_tell_yolov5(tmp_path):
    write_csv(tmp_path, YOLOV5, rows_of(YOLOV5, range(3)), padded=True)
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "detect")
    assert run.history.epoch.tolist() == [0, 1, 2]
    assert set(run.history.lr) == {"lr0", "lr1", "lr2"}


def test_the_path_may_name_the_table_itself(tmp_path: Path):
    write_csv(tmp_path, DETECT, rows_of(DETECT, [1, 2]))
    assert len(open_run(str(tmp_path / "results.csv")).history) == 2
