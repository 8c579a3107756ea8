"""Names of people's own, in tables and event files: what is understood, and what is never guessed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.formats import event_files, home_made
from tensorboard_runlens.formats.columns import place
from tests.builders import kinds, write, write_events


def csv_run(folder, header, *rows):
    write(folder / "log.csv", "\n".join([header, *rows, ""]))
    return open_run(str(folder))


def curves(history):
    """Every column that was understood, by kind and name."""
    found = {f"train {name}": values for (name, values) in history.train.items()}
    found.update({f"val {name}": values for (name, values) in history.val.items()})
    found.update({f"lr {name}": values for (name, values) in history.lr.items()})
    for group, named in history.metrics.items():
        found.update({f"{group} {name}": values for (name, values) in named.items()})
    return {name: values.tolist() for (name, values) in found.items()}


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Loss/train", "train/loss"),
        ("loss/train", "train/loss"),
        ("train/loss", "train/loss"),
        ("Train Loss", "train/loss"),
        ("training loss", "train/loss"),
        ("trainLoss", "train/loss"),
        ("trainloss", "train/loss"),
        ("Loss/val", "val/loss"),
        ("validation_loss", "val/loss"),
        ("valid-loss", "val/loss"),
        ("eval/loss", "val/loss"),
        ("Loss.test", "val/loss"),
        ("loss", "train/loss"),
        ("avg_train_loss", "train/loss"),
        ("train_loss_epoch", "train/loss"),
        ("Val Box Loss", "val/box_loss"),
        ("box_loss", "train/box_loss"),
        ("dice_loss/val", "val/dice_loss"),
        ("lr", "learning_rate/pg0"),
        ("Learning Rate", "learning_rate/pg0"),
        ("learning_rate", "learning_rate/pg0"),
        ("train/learning_rate", "learning_rate/pg0"),
        ("lr-AdamW", "learning_rate/pg0"),
        ("lr-SGD/pg2", "learning_rate/pg1"),
        ("Epoch", "epoch"),
        ("Accuracy/test", "classify/top1"),
        ("val_accuracy", "classify/top1"),
        ("valAcc", "classify/top1"),
        ("val_top5_acc", "classify/top5"),
        ("IoU/val", "pixel/iou"),
        ("val/mIoU", "pixel/miou"),
        ("Dice Score", "pixel/f1"),
        ("mAP@0.5", "box/map50"),
        ("mAP@.5:.95", "box/map50_95"),
        ("mAP@[0.5:0.95]", "box/map50_95"),
        ("val/map_50", "box/map50"),
    ],
)
def test_a_name_is_understood(column, name):
    assert home_made.understood([column]).meaning == {column: name}


@pytest.mark.parametrize(
    "column",
    [
        "train_acc",
        "batch_loss",
        "evaluation_loss_vs_iterations",
        "mAP@0.75",
        "map_small",
        "AP_car",
        "type/mAP_0.5_car",
        "val_iou_class3",
        "hparam/accuracy",
        "lr-AdamW-momentum",
        "rollout/ep_rew_mean",
        "train_val_loss",
        "precision",
        "epoch_time",
        "损失_loss",
        "val_" * 40 + "loss",
        "",
    ],
)
def test_a_name_is_left_alone(column):
    assert home_made.understood([column]).meaning == {}


def test_what_precision_is_measured_on_is_told_by_the_others():
    metrics = ["val_precision", "val_f1"]
    boxes = home_made.understood([*metrics, "val_mAP50"]).meaning
    maps = home_made.understood([*metrics, "val_dice", "val_acc"]).meaning
    images = home_made.understood([*metrics, "val_acc"]).meaning
    assert boxes == {"val_precision": "box/precision", "val_mAP50": "box/map50"}
    assert maps["val_precision"] == "pixel/precision"
    assert maps["val_acc"] == "pixel/pixel_accuracy"
    assert images == {"val_acc": "classify/top1"}


def test_boxes_and_masks_are_not_mixed():
    meaning = home_made.understood(["box_mAP50", "mask_mAP50"]).meaning
    assert meaning == {"box_mAP50": "box/map50", "mask_mAP50": "mask/map50"}


def test_columns_may_stand_in_any_order(tmp_path):
    run = csv_run(
        tmp_path, "val_acc,Training Loss,lr,Epoch,val_loss", "0.5,2,0.1,1,3", "0.6,1,0.1,2,2"
    )
    assert run.history.epoch.tolist() == [1, 2]
    assert curves(run.history) == {
        "train loss": [2, 1],
        "val loss": [3, 2],
        "lr pg0": [0.1, 0.1],
        "classify top1": [0.5, 0.6],
    }
    assert (run.framework, run.task, run.problems) == ("unknown", "classify", ())


@pytest.mark.parametrize("first", [0, 1])
def test_epochs_are_those_that_are_written(tmp_path, first):
    rows = [f"{n},1,2" for n in range(first, first + 3)]
    run = csv_run(tmp_path, "epoch,train_loss,val_loss", *rows)
    assert run.history.epoch.tolist() == [first, first + 1, first + 2]


def test_losses_in_slashes_beside_home_made_metrics_are_read_together(tmp_path):
    run = csv_run(tmp_path, "epoch,train/loss,val/loss,mAP@0.5", "1,2,3,0.4")
    assert curves(run.history) == {"train loss": [2], "val loss": [3], "box map50": [0.4]}


def test_keras_csv_logger_is_read_by_its_validation(tmp_path):
    run = csv_run(tmp_path, "epoch,accuracy,loss,val_accuracy,val_loss", "0,0.9,1,0.5,2")
    assert curves(run.history) == {"train loss": [1], "val loss": [2], "classify top1": [0.5]}
    assert run.problems == ()


def test_an_accuracy_beside_a_loss_without_side_is_not_taken_for_validation(tmp_path):
    run = csv_run(tmp_path, "epoch,loss,accuracy", "0,1,0.9")
    assert run.history.metrics == {}
    assert run.history.other["accuracy"].tolist() == [0.9]
    assert kinds(run.problems) == ["no_side"]


def test_validation_is_preferred_to_test(tmp_path):
    run = csv_run(tmp_path, "epoch,test/loss,val/loss,test_acc,val_acc", "0,9,1,0.1,0.5")
    assert curves(run.history) == {"val loss": [1], "classify top1": [0.5]}
    assert run.history.other["test loss"].tolist() == [9]
    assert run.history.other["test_acc"].tolist() == [0.1]


def test_test_alone_is_validation(tmp_path):
    run = csv_run(tmp_path, "epoch,train_loss,test_loss", "0,9,1")
    assert curves(run.history) == {"train loss": [9], "val loss": [1]}


def test_two_columns_of_one_meaning_are_said(tmp_path):
    run = csv_run(tmp_path, "epoch,val_loss,Validation Loss", "0,1,2")
    assert curves(run.history) == {"val loss": [1]}
    assert kinds(run.problems) == ["same_meaning"]


def test_percentages_become_fractions_and_that_is_said(tmp_path):
    run = csv_run(
        tmp_path, "epoch,val_acc,val_iou", "0,0.9,0.2", "1,55,0.4", "2,85.5,0.5", "3,90,0.6"
    )
    pixel = run.history.metrics["pixel"]
    assert pixel["pixel_accuracy"].tolist() == pytest.approx([0.009, 0.55, 0.855, 0.9])
    assert pixel["iou"].tolist() == [0.2, 0.4, 0.5, 0.6]
    assert kinds(run.problems) == ["percent"]


CLOCKS = ["Time (s)", "time", "elapsed", "Elapsed Time (s)", "seconds", "Time [s]"]


@pytest.mark.parametrize("column", CLOCKS)
def test_seconds_that_never_fall_are_time_so_far(tmp_path, column):
    run = csv_run(tmp_path, f"epoch,{column},val_loss", "1,10,3", "2,19.5,2", "3,,2", "4,40,1")
    assert run.history.seconds[[0, 1, 3]].tolist() == [10, 19.5, 40]
    assert (run.history.other, run.problems) == ({}, ())


@pytest.mark.parametrize("column", CLOCKS)
@pytest.mark.parametrize("seconds", [(10.1, 9.8, 10.4), (10, 10, 10)])
def test_seconds_of_each_epoch_are_no_time_so_far(tmp_path, column, seconds):
    rows = [f"{n},{number},2" for (n, number) in enumerate(seconds)]
    run = csv_run(tmp_path, f"epoch,{column},val_loss", *rows)
    assert run.history.seconds is None
    assert run.history.other[f"{column} (each)"].tolist() == list(seconds)
    assert kinds(run.problems) == ["no_clock"]
    assert run.logged.resumed == ()


def test_another_run_in_the_file_starts_its_own_clock(tmp_path):
    run = csv_run(tmp_path, "epoch,time,val_loss", "1,10,3", "2,20,2", "1,9,3", "2,18,2")
    assert run.history.seconds.tolist() == [9, 18]


def test_of_two_clocks_the_first_is_used(tmp_path):
    run = csv_run(tmp_path, "epoch,elapsed,time,val_loss", "1,10,11,3", "2,20,21,2")
    assert run.history.seconds.tolist() == [10, 20]
    assert run.history.other["time (again)"].tolist() == [11, 21]


def test_cells_with_a_percent_sign_are_divided_once(tmp_path):
    header = "Epoch,Train Loss,Val Loss,Precision,Recall,mAP@0.5,mAP@[0.5:0.95]"
    rows = ["1,2,3,0.50%,60%,76.27%,1%", "2,1,2,90%,61.5%,100%,0%"]
    box = csv_run(tmp_path, header, *rows).history.metrics["box"]
    assert {name: values.tolist() for (name, values) in box.items()} == {
        "precision": [0.005, 0.9],
        "recall": [0.6, 0.615],
        "map50": [pytest.approx(0.7627), 1.0],
        "map50_95": [0.01, 0.0],
    }


def test_one_strange_number_does_not_make_percentages(tmp_path):
    rows = [f"{n},{number}" for (n, number) in enumerate([0.5, 0.6, 7.0, 0.7])]
    run = csv_run(tmp_path, "epoch,val_acc", *rows)
    assert np.isnan(run.history.metrics["classify"]["top1"]).all()
    assert kinds(run.problems) == ["not_a_fraction"]


def test_tags_of_summary_writer_are_read(tmp_path):
    tags = {"Loss/train": 2.0, "Loss/val": 3.0, "Accuracy/test": 9.0, "Accuracy/val": 0.5}
    write_events(tmp_path, [(n, tag, value) for n in range(3) for (tag, value) in tags.items()])
    run = open_run(str(tmp_path))
    assert curves(run.history) == {
        "train loss": [2] * 3,
        "val loss": [3] * 3,
        "classify top1": [0.5] * 3,
    }
    assert (run.framework, run.task, run.problems) == ("events", "classify", ())


def test_percentages_in_event_files_become_fractions(tmp_path):
    write_events(tmp_path, [(n, "val_accuracy", 50.0 + n) for n in range(3)])
    run = open_run(str(tmp_path))
    assert run.history.metrics["classify"]["top1"].tolist() == [0.5, 0.51, 0.52]
    assert kinds(run.problems) == ["percent"]


def steps(tag, at, value=1.0):
    return [(step, tag, value) for step in at]


def test_training_logged_on_batches_is_left_out_beside_epochs(tmp_path):
    write_events(tmp_path, steps("training loss", range(0, 500, 50)) + steps("val_loss", range(10)))
    run = open_run(str(tmp_path))
    assert curves(run.history) == {"val loss": [1] * 10}
    assert kinds(run.problems) == ["steps_are_no_epochs"]
    assert "'training loss'" in run.problems[0].problem


def test_training_logged_on_every_batch_is_left_out_beside_epochs(tmp_path):
    write_events(tmp_path, steps("Loss/train", range(400)) + steps("Loss/val", range(8)))
    run = open_run(str(tmp_path))
    assert curves(run.history) == {"val loss": [1] * 8}


def test_validation_every_fifth_epoch_is_validation(tmp_path):
    write_events(tmp_path, steps("Loss/train", range(20)) + steps("Loss/val", range(4, 20, 5)))
    history = open_run(str(tmp_path)).history
    assert len(history) == 20
    assert np.flatnonzero(np.isfinite(history.val["loss"])).tolist() == [4, 9, 14, 19]


def test_validation_may_stop_a_little_before_training(tmp_path):
    write_events(tmp_path, steps("Loss/train", range(4)) + steps("Loss/val", range(2)))
    assert set(open_run(str(tmp_path)).history.train) == {"loss"}


@pytest.mark.parametrize(
    "scalars",
    [
        steps("Loss/train", range(50, 1000, 50)) + steps("Loss/val", range(100, 1000, 100)),
        steps("Loss/train", range(1000)) + steps("Loss/val", range(99, 1000, 100)),
        steps("Loss/train", range(20_000)),
        steps("Loss/train", [500, 1000]),
        steps("Loss/val", [500]),
    ],
    ids=["both rare", "validation rare", "too many", "two", "one"],
)
def test_steps_are_never_called_epochs(tmp_path, scalars):
    write_events(tmp_path, scalars)
    with pytest.raises(NotARun, match="not epochs"):
        open_run(str(tmp_path))


def test_a_summary_of_hyper_parameters_is_no_run(tmp_path):
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(tmp_path))
    marks = [summary_pb2.Summary.Value(tag="_hparams_/session_start_info")]
    for value in [*marks, summary_pb2.Summary.Value(tag="accuracy", simple_value=0.5)]:
        writer.add_event(event_pb2.Event(step=0, summary=summary_pb2.Summary(value=[value])))
    writer.close()
    with pytest.raises(NotARun, match="add_hparams"):
        open_run(str(tmp_path))


def test_a_flood_of_tags_is_cut_and_said(tmp_path):
    write_events(tmp_path, [(step, f"loss/{n}a", 1.0) for step in range(2) for n in range(900)])
    run = open_run(str(tmp_path))
    assert len(run.history.train) <= 501
    assert "refused" in kinds(run.problems)


def test_more_values_than_are_read_are_cut_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(event_files, "MAX_SCALARS", 10)
    write_events(tmp_path, steps("Loss/train", range(40)))
    run = open_run(str(tmp_path))
    assert run.history.epoch.tolist() == [*range(10)]
    assert kinds(run.problems) == ["refused"]


def test_long_names_are_not_kept(tmp_path):
    before = home_made._word.cache_info().currsize
    assert home_made.word("loss" * 1000) is None
    assert home_made._word.cache_info().currsize == before


parts = (
    "epoch Loss train val test acc mAP@0.5 iou lr _ / - % precision mask step dice lr-x/pg0 x/lr0"
)
words = st.sampled_from([*parts.split(), "metrics/precision(P)", " "])
names = st.one_of(st.text(max_size=20), st.lists(words, max_size=4).map("".join))


@given(st.lists(names, max_size=12))
def test_any_names_are_understood_without_ambiguity(columns):
    found = home_made.understood(columns)
    assert set(found.meaning) <= set(columns)
    places = [place(name) for name in found.meaning.values()]
    assert "other" not in {where.kind for where in places}
    home_made_places = [place(name) for (column, name) in found.meaning.items() if column != name]
    assert len(home_made_places) == len(set(home_made_places))
    assert not set(found.twice) & set(found.meaning)


@given(
    st.lists(names, max_size=6),
    st.lists(
        st.lists(st.one_of(st.text(max_size=5), st.floats().map(str)), max_size=7), max_size=6
    ),
)
def test_any_table_is_read_or_refused(tmp_path_factory, header, rows):
    folder = tmp_path_factory.mktemp("run")
    lines = [",".join(cells) for cells in [["epoch", "step", "train_loss", *header], *rows]]
    write(folder / "table.csv", "\n".join(lines) + "\n")
    try:
        history = open_run(str(folder)).history
    except NotARun as refusal:
        assert str(refusal)
    else:
        assert (np.diff(history.epoch) > 0).all()
