"""What a user of Recorder writes who has not read its page: it works, or one line says what to write instead."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from tensorboard_runlens import Recorder
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tests.recording.trainings import lines, manifest


class Scalar:
    """A framework's number on its own."""

    ndim = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def item(self) -> float:
        return self.value


def headline(run: Path) -> str:
    return analyse(open_run(str(run))).headline


def test_losses_and_metrics_under_names_of_their_own_are_understood(tmp_path, caplog):
    with Recorder(tmp_path) as recorder:
        for epoch in (1, 2):
            recorder.log_epoch(
                epoch, train_loss=Scalar(0.5), val_loss=0.6, val_iou=0.25, note="warm"
            )
    history = open_run(str(tmp_path)).history
    assert history.train["loss"].tolist() == [0.5, 0.5]
    assert history.val["loss"].tolist() == [0.6, 0.6]
    assert history.metrics["pixel"]["iou"].tolist() == [0.25, 0.25]
    assert lines(tmp_path)[1]["note"] == "warm"
    assert caplog.records == []


def test_numbers_that_nobody_understands_are_kept_and_said_once(tmp_path, caplog):
    with Recorder(tmp_path) as recorder:
        for epoch in (1, 2):
            recorder.log_epoch(epoch, entropy=0.5, train={"loss": 1.0})
    assert lines(tmp_path)[1]["values"] == {"entropy": 0.5}
    assert open_run(str(tmp_path)).history.train["loss"].tolist() == [1.0, 1.0]
    (said,) = [record.getMessage() for record in caplog.records]
    assert "entropy" in said
    assert "train={'loss'" in said and "metrics={'pixel'" in said


def test_percentages_are_said_at_once(tmp_path, caplog):
    recorder = Recorder(tmp_path)
    for epoch in (1, 2):
        recorder.log_epoch(epoch, metrics={"classify": {"top1": 87.5}})
    (said,) = [record.getMessage() for record in caplog.records]
    assert "top1 87.5" in said and "divide" in said


def test_one_wrong_value_costs_its_epoch_only(tmp_path, caplog):
    recorder = Recorder(tmp_path)
    recorder.log_epoch(1, train={"loss": [1, 2]}, val={"loss": 0.5})
    recorder.log_epoch(2, train={"loss": 0.25}, val={"loss": 0.5})
    assert [line.get("train") for line in lines(tmp_path)] == [None, {"loss": 0.25}]
    assert len(caplog.records) == 1


def test_the_arguments_of_a_command_line_are_recorded(tmp_path):
    Recorder(tmp_path).describe(task="detect", arguments=Namespace(lr=0.1))
    assert manifest(tmp_path)["arguments"] == {"lr": 0.1}


@pytest.mark.parametrize("wrong", [{"images": 120}, {"epochs": "ten"}, {"arguments": 3}])
def test_a_wrong_argument_of_the_description_costs_itself_only(tmp_path, caplog, wrong):
    Recorder(tmp_path).describe(task="detect", **wrong)
    (name,) = wrong
    assert (manifest(tmp_path)["task"], manifest(tmp_path)[name]) == ("detect", None)
    (said,) = [record.getMessage() for record in caplog.records]
    assert name in said


def test_percent_leave_no_nan_in_the_headline(tmp_path):
    recorder = Recorder(tmp_path)
    for epoch in (1, 2):
        recorder.log_epoch(epoch, metrics={"classify": {"top1": 87.5}})
    assert "best fitness at epoch 2" in headline(tmp_path)


def test_fitness_without_a_known_metric_is_no_validation_loss(tmp_path):
    recorder = Recorder(tmp_path)
    for epoch in (1, 2):
        recorder.log_epoch(epoch, fitness=-1.0 / epoch, val={"loss": 1.0})
    assert "best fitness at epoch 2" in headline(tmp_path)
