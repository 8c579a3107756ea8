"""Which pictures a training program draws into a run's folder by itself, when, and what switches that off.

Read in train.py, validator.py and plotting of Ultralytics 8.4, YOLOv5 7.0 and YOLOv7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Optional

from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.run import Run

AT_START = "when the training starts"
WITH_BATCHES = "with the first batches"
AT_END = "after the last epoch, when best.pt is validated once more"

PROGRAMS = ("ultralytics", "yolov5", "yolov7")

BOXES = ("detect", "segment", "pose", "obb")
"""Tasks whose validation draws curves over the confidence."""

GROUPS = {"segment": "Mask", "pose": "Pose"}
"""How the names of curves begin; those of boxes began without a word before Ultralytics 8.3.162."""

SWITCHES: Mapping[str, Callable[[Any], bool]] = {
    "plots": lambda value: value is False,
    "noplots": lambda value: value is True,
    "evolve": lambda value: value not in (None, False, ""),
}
"""Arguments of Ultralytics, of YOLOv5 and of both scripts, and with which values nothing is drawn."""


@dataclass(frozen=True)
class Drawn:
    """Pictures of one role, by the names that every run of the program has."""

    role: str
    files: tuple[str, ...]
    when: str


def drawn_pictures(run: Run) -> tuple[Drawn, ...]:
    """In the order in which they are drawn, whether or not they were switched off."""
    if run.framework not in PROGRAMS:
        return ()
    if run.task in BOXES:
        curve = Drawn("curve", (f"{GROUPS.get(run.task, '')}F1_curve.png",), AT_END)
        labels = () if run.framework == "yolov7" else (Drawn("labels", ("labels.jpg",), AT_START),)
        return (*labels, *_of_batches(run), curve)
    if run.task == "classify" and run.framework == "ultralytics":
        return _of_batches(run)
    return ()


def _of_batches(run: Run) -> tuple[Drawn, ...]:
    split = "test" if run.framework == "yolov7" else "val"
    pair = (f"{split}_batch0_labels.jpg", f"{split}_batch0_pred.jpg")
    return (
        Drawn("train_batch", ("train_batch0.jpg",), WITH_BATCHES),
        Drawn("val_batch", pair, AT_END),
        Drawn("confusion", ("confusion_matrix.png",), AT_END),
    )


def switched_off(run: Run) -> Optional[str]:
    """The argument that switched pictures off, as people write it; None where none did."""
    for name, is_off in SWITCHES.items():
        value = run.arguments.get(name)
        if is_off(value):
            return f"{name}={as_text(value)}"
    return None
