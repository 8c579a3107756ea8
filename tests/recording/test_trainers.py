"""Trainers that record without callbacks: a framework stands in for Ultralytics."""

from __future__ import annotations

import pickle
import sys
from types import ModuleType

import pytest

import tensorboard_runlens
from tensorboard_runlens import track
from tensorboard_runlens.recording import trainers
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.trainers import BASES, RunLensTrainer, trainer_for
from tensorboard_runlens.recording.ultralytics import BEGIN, EVENTS, Callback


class Trainer:
    """As far as callbacks go."""

    def __init__(self, overrides=None, _callbacks=None):
        self.overrides = overrides
        self.callbacks = {} if _callbacks is None else _callbacks


@pytest.fixture(autouse=True)
def framework(monkeypatch):
    """Each task's trainer in the module where Ultralytics has it."""
    for task, name in BASES.items():
        module = ModuleType(f"ultralytics.models.yolo.{task}")
        setattr(module, name, type(name, (Trainer,), {}))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for parent in ("ultralytics", "ultralytics.models", "ultralytics.models.yolo"):
        monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    yield
    for name in BASES.values():
        vars(trainers).pop(f"RunLens{name}", None)


@pytest.mark.parametrize("task", BASES)
def test_the_framework_imports_the_class_by_its_name(task):
    made = trainer_for(task)
    found = {}
    exec(f"from {made.__module__} import {made.__name__} as found", found)  # noqa: S102, as it does
    assert found["found"] is made
    assert made.__mro__[1] is RunLensTrainer
    assert made.__name__ == f"RunLens{BASES[task]}"


def test_a_class_can_be_pickled_for_other_processes():
    made = trainer_for("detect")
    assert pickle.loads(pickle.dumps(made)) is made  # noqa: S301, made here


def test_a_trainer_that_got_no_callbacks_has_them(monkeypatch):
    monkeypatch.setenv("RUNLENS_OPTIONS", "confusion,stop=past_best,min_epochs=5,hours=8")
    trainer = trainer_for("detect")(overrides={"epochs": 2})
    assert trainer.overrides == {"epochs": 2}
    options = Options(confusion=True, stop="past_best", min_epochs=5, hours=8)
    assert trainer.callbacks == {e: [Callback(e, options)] for e in (BEGIN, *EVENTS)}


def test_callbacks_that_arrived_stay_as_they_are():
    model = track(Trainer(), gradients=True)
    trainer = trainer_for("detect")(_callbacks=dict(model.callbacks))
    assert trainer.callbacks == model.callbacks


def test_a_trainer_of_ones_own_takes_part():
    class Mine(tensorboard_runlens.RunLensTrainer, Trainer):
        """Somebody's."""

    assert isinstance(Mine().callbacks[BEGIN][0], Callback)


def test_an_unknown_task_is_said():
    with pytest.raises(ValueError, match="no trainer for 'sement'"):
        trainer_for("sement")
    with pytest.raises(ImportError):
        from tensorboard_runlens.recording.trainers import RunLensDetectTrainer  # noqa: F401
