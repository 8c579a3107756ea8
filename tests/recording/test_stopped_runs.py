"""A run that RunLens ended: what is read of it, its state and what is said."""

from __future__ import annotations

import pytest

from tensorboard_runlens import Recorder
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tests.builders import BOX, DETECT, rows_of, write_args, write_csv

WHY = {
    "metric": "mAP50-95",
    "best_epoch": 4,
    "best": 0.6,
    "drop": 0.031,
    "excess": None,
    "chance": 0.04,
}
DONE = 24


def write_run(folder, why=WHY, rows=DONE, planned=100):
    """A training of 24 recorded epochs, and a table of its rows."""
    write_csv(folder, DETECT, rows_of(DETECT, range(1, rows + 1), **dict.fromkeys(BOX, 0.5)))
    write_args(folder, epochs=planned, patience=50)
    recorder = Recorder(folder)
    recorder.describe(framework="ultralytics", task="detect", names=["disc"], epochs=planned)
    for epoch in range(1, DONE + 1):
        more = {"stopped": why} if epoch == DONE else {}
        recorder.log_epoch(epoch, fitness=0.5, **more)
    return open_run(str(folder))


def finding(run):
    found = analyse(run)
    return next((one for one in found.findings if one.rule == "early-stopped"), None)


def test_why_it_was_ended_is_read(tmp_path):
    run = write_run(tmp_path / "train")
    assert run.problems == ()
    assert run.recorded is not None and run.recorded.stopped is not None
    assert vars(run.recorded.stopped) == {**WHY, "epoch": DONE}


def test_it_stopped_early_and_says_why(tmp_path):
    run = write_run(tmp_path / "train")
    found = finding(run)
    assert analyse(run).state == "early_stopped"
    assert found.summary == (
        "Ended by RunLens at epoch 24 of 100, past its best at epoch 4: mAP50-95 had fallen 3.1"
        " points from its best stretch, and one point more had a chance of 4 %."
    )
    assert (found.severity, found.confidence, found.span) == ("info", "high", (3, 23))
    assert found.evidence["metric_drop"] == 0.031


def test_a_loss_that_overfits_is_said(tmp_path):
    found = finding(write_run(tmp_path / "train", {**WHY, "drop": None, "excess": 0.12}))
    assert "at epoch 4: validation loss had risen 12 %, and one point" in found.summary


def test_a_best_that_lies_long_ago_is_said(tmp_path):
    found = finding(write_run(tmp_path / "train", {**WHY, "drop": None, "excess": None}))
    assert "at epoch 4: mAP50-95 had not been higher for 20 epochs, and one point" in found.summary


def test_a_training_that_went_on_was_not_ended(tmp_path):
    """Resumed without a recording."""
    run = write_run(tmp_path / "train", rows=DONE + 1)
    assert analyse(run).state != "early_stopped"
    assert finding(run) is None


def test_the_last_of_the_planned_epochs_is_the_end(tmp_path):
    assert analyse(write_run(tmp_path / "train", planned=DONE)).state == "finished"


@pytest.mark.parametrize(
    "why",
    [
        "past_best",
        [],
        {},
        {**WHY, "best_epoch": -1},
        {**WHY, "best": 60.0},
        {**WHY, "chance": "small"},
        {**WHY, "excess": -0.1},
        {**WHY, "metric": "m" * 100_000},
    ],
)
def test_a_damaged_reason_is_said_and_costs_itself_only(tmp_path, why):
    run = write_run(tmp_path / "train", why)
    assert run.recorded is not None
    assert (run.recorded.stopped, run.recorded.epochs) == (None, DONE)
    assert [(one.line, one.kind) for one in run.problems] == [(DONE, "damaged")]
    assert analyse(run).state != "early_stopped"
