"""Trainers that record, for trainings whose callbacks do not reach the processes that train.

Up to Ultralytics 8.4.139 a training on several GPUs passes on the class of its trainer and the
arguments, nothing else: a file that it writes imports the class by name. So there is one of this
module for each task, made when it is asked for, since only then is Ultralytics there:

    from tensorboard_runlens.recording.trainers import trainer_for
    model.train(data="data.yaml", device=[0, 1], trainer=trainer_for("detect"))
"""

from __future__ import annotations

import importlib
from typing import Any

from tensorboard_runlens.recording import environment
from tensorboard_runlens.recording.ultralytics import BEGIN, Callback, track

BASES = {
    "detect": "DetectionTrainer",
    "segment": "SegmentationTrainer",
    "pose": "PoseTrainer",
    "obb": "OBBTrainer",
    "classify": "ClassificationTrainer",
}
"""By task, the framework's trainer in ``ultralytics.models.yolo.TASK``."""

PREFIX = "RunLens"
"""The rest of a name is the framework's: what is not called a Trainer gets no TensorBoard from it."""


class RunLensTrainer:
    """Has a trainer of Ultralytics record: ``class MyTrainer(RunLensTrainer, DetectionTrainer)``.

    A class of one's own has to be importable, not defined in the script itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registered = getattr(self, "callbacks", {}).get(BEGIN, ())
        if not any(isinstance(one, Callback) for one in registered):
            track(self, **vars(environment.options()))


def trainer_for(task: str) -> Any:
    """The recording trainer of a task of Ultralytics; ValueError where there is none."""
    if task not in BASES:
        raise ValueError(f"no trainer for {task!r}, only for {', '.join(BASES)}")
    return __getattr__(PREFIX + BASES[task])


def __getattr__(name: str) -> Any:
    """Makes the class of that name and keeps it: pickle and the framework's file look it up here."""
    task = next((task for (task, base) in BASES.items() if name == PREFIX + base), None)
    if task is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in globals():
        base = getattr(importlib.import_module(f"ultralytics.models.yolo.{task}"), BASES[task])
        globals()[name] = type(name, (RunLensTrainer, base), {"__module__": __name__})
    return globals()[name]
