"""The results.csv of YOLOv5, YOLOv9 and their forks."""

from __future__ import annotations

from tensorboard_runlens import lifecycle
from tensorboard_runlens.catalog import open_run
from tests.builders import (
    YOLOV5,
    YOLOV5_CLS,
    YOLOV5_OBB,
    YOLOV5_SEG,
    YOLOV9,
    csv_text,
    kinds,
    rows_of,
    value,
    write,
    write_args,
    write_csv,
)

FINAL_CELLS = "0.94,1,0.995,0.8,0.93,1,0.99,0.75,0.01,0.02,0.03,0"


def seg_text(epochs, final):
    return csv_text(YOLOV5_SEG, rows_of(YOLOV5_SEG, epochs)) + f"{final},{FINAL_CELLS}\n"


def test_the_final_evaluation_of_yolov5_seg_is_no_epoch(tmp_path):
    write(tmp_path / "results.csv", seg_text(range(10), final=10))
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "segment")
    assert run.history.epoch.tolist() == list(range(10))
    assert run.history.train["box"].max() == value("train/box_loss", 0)
    assert kinds(run.problems) == ["final_evaluation"]


def test_the_final_evaluation_of_yolov5_seg_announces_the_planned_epochs(tmp_path):
    write(tmp_path / "results.csv", seg_text(range(10), final=1000))
    run = open_run(str(tmp_path))
    assert lifecycle.planned_epochs(run) == 1000
    assert lifecycle.last_planned_epoch(run) == 999


def test_a_short_row_in_the_middle_announces_nothing(tmp_path):
    (header, *lines) = csv_text(YOLOV5_SEG, rows_of(YOLOV5_SEG, range(4))).splitlines()
    lines.insert(2, f"900,{FINAL_CELLS}")
    write(tmp_path / "results.csv", "\n".join([header, *lines]) + "\n")
    run = open_run(str(tmp_path))
    assert lifecycle.planned_epochs(run) is None
    assert kinds(run.problems) == ["short_row"]


def test_a_short_last_row_whose_number_is_none_announces_nothing(tmp_path):
    for name, number in (("power", "\N{SUPERSCRIPT TWO}"), ("endless", "9" * 5000)):
        write(tmp_path / name / "results.csv", seg_text(range(3), final=number))
        run = open_run(str(tmp_path / name))
        assert lifecycle.planned_epochs(run) is None
        assert kinds(run.problems) == ["short_row"]


def test_segment_metrics_in_the_style_of_yolov5_are_two_groups(tmp_path):
    write_csv(tmp_path, YOLOV5_SEG, rows_of(YOLOV5_SEG, range(3)), padded=True)
    metrics = open_run(str(tmp_path)).history.metrics
    assert set(metrics) == {"box", "mask"}
    assert metrics["mask"]["map50_95"][0] == value("metrics/mAP_0.5:0.95(M)", 0)


def test_the_test_loss_of_a_yolov5_classifier_is_its_validation_loss(tmp_path):
    write_csv(tmp_path, YOLOV5_CLS, rows_of(YOLOV5_CLS, range(3)), padded=True)
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "classify")
    assert run.history.val["loss"].tolist() == [value("test/loss", n) for n in range(3)]
    assert set(run.history.lr) == {"lr0"}


def test_rotated_boxes_of_yolov5_obb_are_told_by_their_theta_loss(tmp_path):
    write_csv(tmp_path, YOLOV5_OBB, rows_of(YOLOV5_OBB, range(3)))
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "obb")
    assert run.history.metrics["box"]["map50_95"][0] == value("metrics/HBBmAP.5:.95", 0)


def test_yolov9_counts_as_yolov5(tmp_path):
    write_csv(tmp_path, YOLOV9, rows_of(YOLOV9, range(3)), padded=True)
    run = open_run(str(tmp_path))
    assert (run.framework, run.task) == ("yolov5", "detect")
    assert set(run.history.val) == {"box", "cls", "dfl"}


def test_validation_losses_that_are_zero_throughout_were_not_measured(tmp_path):
    zero = {f"val/{name}_loss": 0 for name in ("box", "cls", "dfl")}
    write_csv(tmp_path, YOLOV9, rows_of(YOLOV9, range(6), **zero))
    history = open_run(str(tmp_path)).history
    assert history.val == {}
    assert history.metrics["box"]["map50"][0] == value("metrics/mAP_0.5", 0)


def test_a_results_csv_is_never_taken_for_yolov7_by_its_folder(tmp_path):
    folder = write_csv(tmp_path / "yolov7", YOLOV5, rows_of(YOLOV5, range(3)))
    write_args(folder, "opt.yaml", weights="yolov5s.pt", epochs=3)
    assert open_run(str(folder)).framework == "yolov5"


def test_the_arguments_of_opt_outweigh_those_of_hyp(tmp_path):
    write_csv(tmp_path, YOLOV5, rows_of(YOLOV5, range(3)))
    write_args(tmp_path, "hyp.yaml", lr0=0.01, epochs=7)
    write_args(tmp_path, "opt.yaml", epochs=3)
    run = open_run(str(tmp_path))
    assert run.arguments["epochs"] == 3
    assert run.arguments["lr0"] == 0.01
    assert run.argument_file == {"epochs": "opt.yaml", "lr0": "hyp.yaml"}
