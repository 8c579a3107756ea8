"""The callbacks: what they record, and that no fault of theirs reaches the training."""

from __future__ import annotations

import logging
import pickle
import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tensorboard_runlens import __version__, track
from tensorboard_runlens.recording import tracking
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import classes
from tensorboard_runlens.recording.ultralytics import BEGIN, EVENTS, Callback
from tests.recording.trainings import (
    fire,
    lines,
    manifest,
    metric,
    metrics,
    train_epoch,
    trainer,
    validate_best_once_more,
)


@pytest.fixture(autouse=True)
def single_process(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delitem(sys.modules, "ultralytics.utils", raising=False)


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


@pytest.fixture
def running(run):
    """A training that has just begun."""
    begun = trainer(run)
    fire("on_train_start", begun)
    return begun


class Model:
    """An Ultralytics model as far as callbacks go: also the events that nobody has registered for are there."""

    def __init__(self):
        self.callbacks = {}

    def add_callback(self, event, callback):
        self.callbacks.setdefault(event, []).append(callback)


def test_a_model_is_registered_once():
    model = Model()
    assert track(track(model)) is model
    events = (BEGIN, *EVENTS)
    assert model.callbacks == {event: [Callback(event, Options())] for event in events}


def test_a_second_call_changes_the_options():
    model = track(track(Model()), gradients=True)
    assert model.callbacks[BEGIN] == [Callback(BEGIN, Options(gradients=True))]


def test_what_takes_no_callbacks_is_said(caplog):
    assert track("yolo11n.pt") == "yolo11n.pt"
    assert "nothing is recorded" in caplog.text


def test_callbacks_can_be_pickled_for_other_processes():
    registered = track(Model(), confusion=True).callbacks
    assert pickle.loads(pickle.dumps(registered)) == registered  # noqa: S301, made here


def test_a_copy_of_a_training_records_nothing(running):
    assert pickle.loads(pickle.dumps(running._runlens)) is None  # noqa: S301, made here


def test_the_framework_gets_its_objects_back(running):
    fire("teardown", running)
    assert not hasattr(running, "_runlens")
    assert not hasattr(running.validator, "_runlens")


def test_the_package_itself_loads_no_numpy_and_tracking_no_framework():
    code = (
        "import sys, tensorboard_runlens as package; assert 'numpy' not in sys.modules; package.track; "
        "assert not {'torch', 'ultralytics', 'tensorboard', 'msgspec', 'yaml'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_manifest_says_what_the_training_is(run, running):
    found = manifest(run)
    assert found["format"] == 1
    assert found["runlens"] == __version__
    assert (found["task"], found["names"]) == ("detect", ["disc", "square", "ring"])
    assert found["images"] == {"train": 40, "val": 10}
    assert found["optimizer"] == {"name": "AdamW", "lr": [0.001, 0.002]}
    assert (found["world_size"], found["device"]) == (1, "cpu")
    assert found["arguments"]["data"] == "…/data/shapes.yaml"


@pytest.mark.parametrize(
    ("arguments", "epoch"),
    [
        ({"close_mosaic": 10}, 91),
        ({"close_mosaic": 0}, None),
        ({"close_mosaic": 10, "mosaic": 0.0}, None),
        ({"close_mosaic": 10, "task": "classify"}, None),
    ],
)
def test_mosaic_that_never_was_is_not_closed(tmp_path, arguments, epoch):
    starting = trainer(tmp_path / "other")
    vars(starting.args).update(arguments)
    fire("on_train_start", starting)
    assert manifest(tmp_path / "other")["close_mosaic_epoch"] == epoch


def test_an_epoch_has_the_numbers_of_its_classes(run, running):
    train_epoch(running, 1, metrics((0, 2)), fitness=0.25)
    (line,) = lines(run)
    assert (line["epoch"], line["seconds"], line["fitness"]) == (1, 2.5, 0.25)
    assert (line["classes"], line["images"], line["instances"]) == ([0, 2], [3, 4], [5, 7])
    box = metric((0, 2))
    assert line["box"]["precision"] == box.p.tolist()
    assert line["box"]["recall"] == box.r.tolist()
    assert line["box"]["f1"] == box.f1.tolist()
    assert line["box"]["ap50"] == box.all_ap[:, 0].tolist()
    assert line["box"]["ap50_95"] == box.all_ap.mean(1).tolist()
    assert line["box"]["optimum"]["confidence"] == pytest.approx(0.4, abs=0.001)
    assert line["box"]["optimum"]["f1"] == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize(("attribute", "group"), [("seg", "mask"), ("pose", "pose")])
def test_masks_and_keypoints_have_metrics_of_their_own(run, running, attribute, group):
    of_group = metric((0, 2), shift=-0.1)
    train_epoch(running, 1, metrics((0, 2), **{attribute: of_group}))
    (line,) = lines(run)
    assert line[group]["ap50"] == of_group.all_ap[:, 0].tolist()
    assert line["box"]["ap50"] == metric((0, 2)).all_ap[:, 0].tolist()


def test_classification_gives_what_its_matrix_has(run, running):
    running.validator.args.task = "classify"
    predicted_by_true = np.array([[6, 0, 1], [0, 0, 0], [2, 0, 3]])
    running.validator.confusion_matrix = SimpleNamespace(matrix=predicted_by_true)
    train_epoch(running, 1, SimpleNamespace(top1=0.75), fitness=0.8)
    (line,) = lines(run)
    assert (line["classes"], line["instances"]) == ([0, 2], [8, 4])
    assert line["classify"]["recall"] == [6 / 8, 3 / 4]
    assert line["classify"]["precision"] == [6 / 7, 3 / 5]
    assert line["classify"]["f1"] == pytest.approx([0.8, 2 / 3])


def test_a_task_without_classes_gives_epochs(run, running):
    running.validator.args.task = "semantic"
    train_epoch(running, 1, SimpleNamespace(miou=0.5))
    (line,) = lines(run)
    del line["machine"]
    assert line == {"epoch": 1, "seconds": 2.5, "fitness": None}


def test_an_epoch_without_validation_has_no_metrics(run, running):
    train_epoch(running, 1, metrics(), fitness=0.25)
    train_epoch(running, 2)
    line = lines(run)[1]
    del line["machine"]
    assert line == {"epoch": 2, "seconds": 2.5, "fitness": None}


def test_numbers_that_the_framework_repeats_are_not_recorded_again(run, running):
    """Up to 8.3.78 an epoch without a hit keeps the arrays of the last one."""
    same = metrics()
    train_epoch(running, 1, same)
    train_epoch(running, 2, same)
    train_epoch(running, 3, metrics())
    assert ["classes" in line for line in lines(run)] == [True, False, True]


def test_a_validation_set_without_labels_gives_no_metrics(run, running):
    train_epoch(running, 1, metrics(()))
    assert "classes" not in lines(run)[0]


def test_numbers_that_are_not_finite_are_missing(run, running):
    measured = metrics((0, 2))
    measured.box.p[1] = np.nan
    train_epoch(running, 1, measured)
    assert lines(run)[0]["box"]["precision"] == [0.7, None]


def test_an_f1_of_0_everywhere_has_no_optimum(run, running):
    measured = metrics((0, 2))
    measured.box.f1_curve = np.zeros((2, 1000))
    train_epoch(running, 1, measured)
    assert lines(run)[0]["box"]["optimum"] is None


def test_best_pt_validated_once_more_is_no_epoch(run, running):
    train_epoch(running, 1, metrics())
    validate_best_once_more(running)
    assert [line["epoch"] for line in lines(run)] == [1]


def test_an_epoch_repeated_after_nan_is_recorded_once(run, running):
    running.epoch = 0
    fire("on_train_epoch_end", running)
    running.validator.metrics = metrics((0,))
    fire("on_val_end", running.validator)
    train_epoch(running, 1, metrics((0, 2)))
    assert [line["classes"] for line in lines(run)] == [[0, 2]]


@pytest.mark.parametrize(("rank", "recorded"), [("-1", True), ("0", True), ("1", False)])
def test_one_process_records(run, monkeypatch, rank, recorded):
    monkeypatch.setenv("RANK", rank)
    begun = trainer(run)
    fire("on_train_start", begun)
    train_epoch(begun, 1, metrics())
    assert (run / "runlens").exists() == recorded


def test_another_process_without_a_validator_has_nothing_to_say(run, monkeypatch, caplog):
    """Up to 8.3.160 at least only the first process has one."""
    monkeypatch.setenv("RANK", "1")
    begun = trainer(run)
    begun.validator = None
    fire("on_train_start", begun)
    assert caplog.records == []


def test_a_trainer_that_does_not_keep_the_number_of_processes(run, monkeypatch):
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "4")
    begun = trainer(run)
    del begun.world_size
    fire("on_train_start", begun)
    assert manifest(run)["world_size"] == 4


def test_a_resumed_training_goes_on_in_the_same_file(run, running):
    train_epoch(running, 1, metrics())
    again = trainer(run, start_epoch=1)
    fire("on_train_start", again)
    train_epoch(again, 2, metrics())
    assert [line["epoch"] for line in lines(run)] == [1, 2]


def test_a_new_training_in_the_same_folder_begins_anew(run, running):
    train_epoch(running, 1, metrics())
    train_epoch(running, 2, metrics())
    again = trainer(run)
    fire("on_train_start", again)
    train_epoch(again, 1, metrics())
    assert [line["epoch"] for line in lines(run)] == [1]


def fail(*_):
    raise RuntimeError("a bug of ours")


BODIES = {
    "manifest": (tracking, "manifest"),
    "metrics by class": (classes, "measured"),
    "epochs": (tracking.Store, "append"),
    "this training": (tracking.Tracking, "__init__"),
}


@pytest.mark.parametrize(("part", "body"), BODIES.items())
def test_a_body_that_fails_says_so_once_and_costs_its_part_only(
    run, monkeypatch, caplog, part, body
):
    monkeypatch.setattr(*body, fail)
    begun = trainer(run)
    fire("on_train_start", begun)
    for epoch in (1, 2, 3):
        train_epoch(begun, epoch, metrics())
    (said,) = [record.getMessage() for record in caplog.records]
    assert part in said
    assert "a bug of ours" in said
    if part in ("manifest", "metrics by class"):
        assert [line["epoch"] for line in lines(run)] == [1, 2, 3]


def test_ctrl_c_passes(running, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(classes, "measured", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train_epoch(running, 1, metrics())


def test_a_handler_of_the_users_that_fails_costs_nothing(running, monkeypatch):
    class Broken(logging.Handler):
        def handle(self, record):
            raise OSError("no log any more")

    handler = Broken()
    logger = logging.getLogger("tensorboard_runlens")
    logger.addHandler(handler)
    monkeypatch.setattr(classes, "measured", fail)
    try:
        train_epoch(running, 1, metrics())
    finally:
        logger.removeHandler(handler)
    assert running._runlens.in_epoch is False


def test_a_folder_that_vanished_comes_back(run, running):
    train_epoch(running, 1, metrics())
    shutil.rmtree(run / "runlens")
    train_epoch(running, 2, metrics())
    assert [line["epoch"] for line in lines(run)] == [2]
    assert manifest(run)["task"] == "detect"


def test_a_run_folder_that_is_gone_is_not_made_again(run, running, caplog):
    shutil.rmtree(run)
    train_epoch(running, 1, metrics())
    train_epoch(running, 2, metrics())
    assert not run.exists()
    assert len(caplog.records) == 1


def test_another_trainer_of_the_same_model_has_a_recording_of_its_own(tmp_path):
    for name in ("train", "train2"):
        begun = trainer(tmp_path / name)
        fire("on_train_start", begun)
        train_epoch(begun, 1, metrics())
    assert len(lines(tmp_path / "train")) == len(lines(tmp_path / "train2")) == 1
