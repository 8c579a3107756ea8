"""Which epoch is best, by each framework's own fitness."""

from __future__ import annotations

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.fitness import possible
from tensorboard_runlens.signals import Signals
from tests.builders import (
    BOX,
    CLASSIFY,
    DETECT,
    DETECT_WITHOUT_TIME,
    POSE_COLUMNS,
    SEGMENT,
    SEMANTIC,
    YOLOV5,
    YOLOV5_CLS,
    rows_of,
    write_args,
    write_csv,
)


def run_with(folder, columns, values, first=1, **arguments):
    """A run whose columns hold these values, one an epoch."""
    count = len(next(iter(values.values())))
    rows = rows_of(columns, range(first, first + count))
    for name, series in values.items():
        for row, number in zip(rows, series):
            row[name] = number
    if arguments:
        write_args(folder, **arguments)
    return open_run(str(write_csv(folder, columns, rows)))


def best_epoch(run):
    row = Signals(run, now=0.0).best_row
    return None if row is None else int(run.history.epoch[row])


def test_of_tied_epochs_the_last_is_best(tmp_path):
    run = run_with(tmp_path, DETECT, {BOX[2]: [0.5] * 5, BOX[3]: [0.3, 0.3, 0.2, 0.3, 0.1]})
    (fitness, *_) = possible(run)
    assert best_epoch(run) == 4
    assert fitness.best_row == 3
    assert fitness.first_best_row == 0


def test_epochs_equal_to_five_decimals_are_tied_in_ultralytics(tmp_path):
    run = run_with(tmp_path, DETECT, {BOX[3]: ["0.3000004", "0.3000001", "0.2"]})
    assert best_epoch(run) == 2


def test_zero_epochs_are_tied_too(tmp_path):
    zero = {name: [0.0] * 3 for name in BOX}
    assert best_epoch(run_with(tmp_path, DETECT, zero)) == 3


DISAGREEING = {BOX[2]: [0.9, 0.1], BOX[3]: [0.30, 0.31]}
"""By the old weights epoch 1 is best, by the new ones epoch 2."""


def test_without_evidence_of_the_version_both_formulas_are_possible_the_new_one_first(tmp_path):
    run = run_with(tmp_path, DETECT, DISAGREEING)
    assert [fitness.formula for fitness in possible(run)] == [
        "mAP50-95",
        "0.1 mAP50 + 0.9 mAP50-95",
    ]
    assert best_epoch(run) == 2


def test_a_table_without_time_is_older_than_the_new_formula(tmp_path):
    run = run_with(tmp_path, DETECT_WITHOUT_TIME, DISAGREEING)
    assert run.version is not None
    assert run.version.max == "8.3.8"
    assert [fitness.formula for fitness in possible(run)] == ["0.1 mAP50 + 0.9 mAP50-95"]
    assert best_epoch(run) == 1


def test_epochs_from_zero_are_older_still(tmp_path):
    run = run_with(tmp_path, DETECT_WITHOUT_TIME, DISAGREEING, first=0)
    assert run.version is not None
    assert run.version.max == "8.0.161"
    assert best_epoch(run) == 0


def test_columns_of_yolo26_prove_the_new_formula(tmp_path):
    columns = (*DETECT, *(f"lr/pg{group}" for group in range(3, 8)))
    run = run_with(tmp_path, columns, DISAGREEING)
    assert run.version is not None
    assert run.version.min == "8.4.0"
    assert [fitness.formula for fitness in possible(run)] == ["mAP50-95"]


def test_yolov5_weighs_as_it_always_did(tmp_path):
    values = {"metrics/mAP_0.5": [0.9, 0.1], "metrics/mAP_0.5:0.95": [0.30, 0.31]}
    run = run_with(tmp_path, YOLOV5, values, first=0)
    assert [fitness.formula for fitness in possible(run)] == ["0.1 mAP50 + 0.9 mAP50-95"]
    assert best_epoch(run) == 0


@pytest.mark.parametrize(
    ("columns", "letter", "word"), [(SEGMENT, "M", "mask"), (POSE_COLUMNS, "P", "pose")]
)
def test_masks_and_keypoints_are_added_to_their_boxes(tmp_path, columns, letter, word):
    of_box = [0.5, 0.4, 0.1]
    other = [0.1, 0.3, 0.4]  # sums: .6, .7, .5
    run = run_with(tmp_path, columns, {BOX[3]: of_box, f"metrics/mAP50-95({letter})": other})
    assert best_epoch(run) == 2
    assert f"sum of box and {word}" in possible(run)[0].formula


def test_an_ultralytics_classifier_takes_the_mean_of_top1_and_top5(tmp_path):
    values = {"metrics/accuracy_top1": [0.6, 0.5], "metrics/accuracy_top5": [0.7, 0.9]}
    assert best_epoch(run_with(tmp_path, CLASSIFY, values)) == 2


def test_a_yolov5_classifier_takes_top1_alone(tmp_path):
    values = {"metrics/accuracy_top1": [0.6, 0.5], "metrics/accuracy_top5": [0.7, 0.9]}
    assert best_epoch(run_with(tmp_path, YOLOV5_CLS, values, first=0)) == 0


def test_semantic_segmentation_takes_the_mean_iou(tmp_path):
    values = {"metrics/mIoU": [0.2, 0.4, 0.3], "metrics/pixel_acc": [0.9, 0.5, 0.6]}
    assert best_epoch(run_with(tmp_path, SEMANTIC, values)) == 2


def test_without_metrics_the_lowest_validation_loss_is_best(tmp_path):
    columns = ("epoch", "train/loss", "val/loss")
    run = run_with(tmp_path, columns, {"val/loss": [3.0, "inf", 1.0, 2.0]})
    assert best_epoch(run) == 3
    assert possible(run)[0].formula == "lowest validation loss"


def test_epochs_without_validation_cannot_be_best(tmp_path):
    skipped = {name: [0.0, 0.0, 0.4] for name in BOX}
    skipped.update({f"val/{name}_loss": [0.0, 0.0, 1.0] for name in ("box", "cls", "dfl")})
    assert best_epoch(run_with(tmp_path, DETECT, skipped)) == 3


def test_where_nothing_was_validated_no_epoch_is_best(tmp_path):
    columns = ("epoch", "train/loss")
    assert best_epoch(run_with(tmp_path, columns, {"train/loss": [3.0, 2.0]})) is None


def test_a_metric_that_is_not_a_number_cannot_be_best(tmp_path):
    run = run_with(tmp_path, DETECT, {BOX[2]: [0.5, 0.5, 0.5], BOX[3]: [0.1, "nan", 0.2]})
    assert best_epoch(run) == 3
