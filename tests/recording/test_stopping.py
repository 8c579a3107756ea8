"""The end of a training that is past its best: when it is asked for, and through what of the framework."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import stopping
from tensorboard_runlens.recording.results_so_far import results_so_far
from tensorboard_runlens.recording.ultralytics import Callback
from tensorboard_runlens.statistics.stopping import PastBest
from tests.recording.trainings import lines, trainer

LOSSES = "train/box_loss,train/cls_loss"
METRICS = "metrics/mAP50(B),metrics/mAP50-95(B)"
HEADER = f"epoch,time,{LOSSES},{METRICS},{LOSSES.replace('train', 'val')},lr/pg0"
FALLEN = PastBest(best_row=1, best=0.6, drop=0.031, excess=None, chance=0.04)


def table(path, epochs, header=HEADER):
    """Every number tells its epoch and its column."""
    cells = len(header.split(",")) - 1
    rows = [",".join(f"{epoch + 0.01 * column}" for column in range(cells)) for epoch in epochs]
    named = [f"{epoch},{row}" for (epoch, row) in zip(epochs, rows)]
    path.write_text("\n".join([header, *named]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def running(tmp_path):
    """A training that has not begun."""
    begun = trainer(tmp_path / "train")
    begun.csv = table(begun.save_dir / "results.csv", range(1, 6))
    begun.stop = False
    return begun


@pytest.fixture(autouse=True)
def judged(monkeypatch):
    """What the criterion was asked; it always says that the training is past its best."""
    asked = []

    def past_best(*arguments, **named):
        asked.append((arguments, named))
        return FALLEN

    monkeypatch.setattr(stopping, "past_best", past_best)
    return asked


def train_epoch(running, epoch, **asked_for):
    running.epoch = epoch - 1
    options = Options(**asked_for)
    if not hasattr(running, "_runlens"):
        Callback("on_train_start", options)(running)
    for event in ("on_train_epoch_end", "on_fit_epoch_end"):
        Callback(event, options)(running)


def test_the_framework_is_told_and_the_reason_is_recorded(running, caplog):
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, stop="past_best")
    assert running.stop is True
    assert lines(running.save_dir)[-1]["stopped"] == {
        "metric": "mAP50-95",
        "best_epoch": 2,
        "best": 0.6,
        "drop": 0.031,
        "excess": None,
        "chance": 0.04,
    }
    assert (
        "past its best, so the training ends after epoch 5 of 100: mAP50-95 has fallen 3.1 points"
        " from its best stretch; one point more would come with a chance of 4%. The highest"
        " mAP50-95 was 0.600 at epoch 2" in caplog.text
    )


def test_a_best_that_lies_long_ago_is_said(running, caplog, monkeypatch):
    long_ago = PastBest(best_row=1, best=0.6, drop=None, excess=None, chance=0.04)
    monkeypatch.setattr(stopping, "past_best", lambda *_, **__: long_ago)
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, stop="past_best")
    assert "after epoch 5 of 100: mAP50-95 has not been higher for 3 epochs; one" in caplog.text


def test_the_criterion_is_asked_with_what_is_known(running, judged):
    train_epoch(running, 5, stop="past_best")
    ((done, metric, train, val, planned), named) = judged[0]
    assert done.tolist() == [1, 2, 3, 4, 5]
    assert metric.tolist() == pytest.approx([epoch + 0.04 for epoch in range(1, 6)])
    assert train.tolist() == pytest.approx([2 * epoch + 0.03 for epoch in range(1, 6)])
    assert val.tolist() == pytest.approx([2 * epoch + 0.11 for epoch in range(1, 6)])
    assert planned == 100
    assert named["n_val_images"] == 10


@pytest.mark.parametrize(
    ("asked_for", "stops"),
    [
        ({}, False),
        ({"stop": "past_best"}, True),
        ({"stop": "past_best", "min_epochs": 5}, True),
        ({"stop": "past_best", "min_epochs": 6}, False),
        ({"stop": "past_best", "min_epochs": float("inf")}, False),
    ],
)
def test_it_is_off_by_default_and_waits_for_the_least_epochs(running, asked_for, stops):
    train_epoch(running, 5, **asked_for)
    assert running.stop is stops
    assert ("stopped" in lines(running.save_dir)[-1]) is stops


@pytest.mark.parametrize(
    ("asked_for", "said"),
    [
        ({"stop": "past_its_best"}, "stop may be 'past_best', not 'past_its_best'"),
        ({"stop": ""}, "stop may be 'past_best', not ''"),
        ({"stop": True}, "stop may be 'past_best', not True"),
        ({"stop": "past_best", "min_epochs": "50"}, "min_epochs must be a number, not '50'"),
        ({"stop": "past_best", "min_epochs": None}, "min_epochs must be a number, not None"),
        ({"stop": "past_best", "min_epochs": float("nan")}, "min_epochs must be a number, not nan"),
    ],
)
def test_what_is_not_understood_is_said_and_stops_nothing(running, caplog, asked_for, said):
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, **asked_for)
    assert said in caplog.text
    assert running.stop is False


def test_what_the_framework_stopped_stays_its_own(running):
    running.stop = True
    train_epoch(running, 5, stop="past_best")
    assert "stopped" not in lines(running.save_dir)[-1]


def test_too_few_validation_images_are_said(running, caplog):
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, stop="past_best")
    assert "10 validation images are too few to be sure, 40 are needed" in caplog.text


def test_epochs_that_are_not_validated_are_said(running, caplog):
    running.args.val = False
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, stop="past_best")
    assert "not stopped early by RunLens: its epochs are not validated (val=False)" in caplog.text


@pytest.mark.parametrize("spoil", ["no table", "no metric", "no numbers", "no trainer.csv"])
def test_without_a_table_the_training_goes_on_and_it_is_said(running, caplog, spoil):
    if spoil == "no table":
        running.csv.unlink()
    elif spoil == "no trainer.csv":
        del running.csv
    else:
        running.csv.write_text("epoch,train/loss\n1,2\n" if spoil == "no metric" else "\0")
    with caplog.at_level(logging.WARNING):
        train_epoch(running, 5, stop="past_best")
        train_epoch(running, 6, stop="past_best")
    assert running.stop is False
    assert lines(running.save_dir)[-1]["epoch"] == 6
    assert caplog.text.count("stopping not recorded any more, the training goes on") == 1


def test_a_resume_makes_the_epochs_that_it_repeats_void(tmp_path):
    found = results_so_far(table(tmp_path / "results.csv", [1, 2, 3, 4, 3, 4, 5]))
    assert found.done.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("columns", "name", "metric"),
    [
        ("metrics/mAP50-95(B)", "mAP50-95", [1.0]),
        ("metrics/mAP50-95(B),metrics/mAP50-95(M)", "mean mAP50-95", [1.005]),
        ("metrics/accuracy_top1,metrics/accuracy_top5", "top-1 accuracy", [1.0]),
        ("    metrics/mAP50-95(B)   ", "mAP50-95", [1.0]),
    ],
)
def test_each_task_has_its_metric(tmp_path, columns, name, metric):
    found = results_so_far(table(tmp_path / "results.csv", [1], f"epoch,{columns}"))
    assert found.name == name
    assert found.metric.tolist() == pytest.approx(metric)
    assert np.isnan(found.train).all() and np.isnan(found.val).all()


def test_cells_that_are_no_numbers_are_missing(tmp_path):
    path = tmp_path / "results.csv"
    rows = ["1,0,2,,0.5,x,1,2,0", "2,0,inf,nan,0.5,0.4", "three,0,1,1,1,1,1,1,1", "", "4,0,1,1"]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    found = results_so_far(path)
    assert found.done.tolist() == [1, 2, 4]
    assert np.isnan(found.metric).tolist() == [True, False, True]


def test_a_loss_that_one_side_lacks_is_not_added(tmp_path):
    path = tmp_path / "results.csv"
    header = "epoch,train/a,train/b,train/d,val/a,val/c,val/d,metrics/mAP50-95(B)"
    path.write_text(f"{header}\n1,1,20,300,4000,50000,0,0.5\n", encoding="utf-8")
    found = results_so_far(path)
    assert (found.train.tolist(), found.val.tolist()) == ([1.0], [4000.0])
