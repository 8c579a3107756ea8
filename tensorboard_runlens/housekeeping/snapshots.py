"""The checkpoints that frameworks keep of single epochs, by the names that they give."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.run import Run

NAMES: Mapping[str, re.Pattern[str]] = {
    "ultralytics": re.compile(r"epoch[0-9]{1,6}\.pt"),
    "yolov5": re.compile(r"epoch[0-9]{1,6}\.pt"),
    "yolov7": re.compile(r"epoch_[0-9]{3,6}\.pt"),
}
"""Framework -> its snapshots: save_period of Ultralytics and YOLOv5, every 25th and the last five epochs of YOLOv7.
Others' checkpoints may be all that they kept, and a model of each iteration is what self-training is for."""

SNAPSHOT = re.compile(r"epoch_?[0-9]{1,6}\.pt", re.IGNORECASE)
"""How arguments and notes name any of them."""

FOLDERS = ("", WEIGHTS_FOLDER)
"""Where a run keeps them: beside its table, or in its folder of weights."""


def snapshots_of(run: Run) -> list[tuple[str, str]]:
    """(folder of FOLDERS, name) of each snapshot of the run."""
    pattern = NAMES.get(run.framework)
    if pattern is None:
        return []
    split = (path.rpartition("/") for path in run.files.by_role.get("weights", ()))
    return [
        (below, name) for (below, _, name) in split if below in FOLDERS and pattern.fullmatch(name)
    ]
