"""PartiNet (a YOLOv7 fork with two detectors and a router): its two steps, told apart.

Step 1 trains the two detectors as YOLOv7 does. Step 2 trains only the router that chooses between
them, for 10 to 20 epochs; its training losses are the router's (difference of the detectors' losses
and their scores) under columns and tags that still say box, obj and cls, while its validation losses
are the detector's. Source: train_step2.py of DynamicDet, on which PartiNet is built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.formats.results_txt import ANNOUNCED
from tensorboard_runlens.run import Run, rows_from

STEP1 = "step1"
STEP2 = "step2"

ROUTER_LOSSES = {"box": "router_difference", "obj": "router_score_0", "cls": "router_score_1"}
"""What step 2 writes in the columns of YOLOv7's losses."""

MODEL_MARKS = ("dual_backbone", "n_first_layers", "router_channels", "router_ins")
"""Keys of the model definition (cfg.yaml) that only dual detectors have."""

STEP_ARGUMENTS = ("cfg", "hyp", "project", "name", "save_dir")
"""Arguments whose words tell the step, the most telling first; the weights to start from are another step's."""

STEP_WORD = re.compile(r"step[ _-]?([12])(?!\d)", re.IGNORECASE)
ROUTER_HYPERPARAMETERS = "finetune.dynamic"
STEP1_OPTIONS = ("single_backbone", "linear_lr")
"""Options that PartiNet's command line has for step 1 only."""

COMMAND_OPTION = "backbone_detector"
"""An option that only PartiNet's command line has; it is in the opt.yaml of either step."""


def is_partinet(arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments or the model definition are those of PartiNet or of DynamicDet below it."""
    return any(mark in arguments for mark in (*MODEL_MARKS, COMMAND_OPTION))


def is_command_line(arguments: Mapping[str, Any]) -> bool:
    """Whether PartiNet's own command started the training, and not DynamicDet's scripts below it."""
    words = " ".join(str(arguments.get(name, "")) for name in (*STEP_ARGUMENTS, "weight")).lower()
    return COMMAND_OPTION in arguments or "partinet" in words


def step(arguments: Mapping[str, Any]) -> Optional[str]:
    """step1 or step2, None for other trainings and where nothing tells."""
    if not is_partinet(arguments) and not _named(arguments):
        return None
    if arguments.get("dynamic") is True or "router_channels" in arguments:
        return STEP2
    said = [str(arguments[name]) for name in STEP_ARGUMENTS if isinstance(arguments.get(name), str)]
    if any(ROUTER_HYPERPARAMETERS in text for text in said):
        return STEP2
    for text in said:
        match = STEP_WORD.search(text)
        if match:
            return f"step{match[1]}"
    if any(name in arguments for name in (*STEP1_OPTIONS, "dual_backbone")):
        return STEP1
    return STEP2 if COMMAND_OPTION in arguments else None


def _named(arguments: Mapping[str, Any]) -> bool:
    """Whether file names among the arguments are PartiNet's or DynamicDet's own."""
    words = " ".join(str(arguments.get(name, "")) for name in (*STEP_ARGUMENTS, "weight")).lower()
    return "partinet" in words or "dy-yolov7" in words


def staged(run: Run) -> Run:
    """The run with its step, and with step 2's losses under the names of what they are."""
    stage = step(run.arguments) if run.framework == "yolov7" else None
    if stage != STEP2:
        return replace(run, stage=stage)
    run = _of_the_router(run)
    train = {ROUTER_LOSSES.get(name, name): loss for (name, loss) in run.history.train.items()}
    return replace(run, stage=stage, history=replace(run.history, train=train))


def _of_the_router(run: Run) -> Run:
    """Without the rows of step 1, which stand first where the router's training began from a period checkpoint.

    Epochs then go on counting, and announce the last one anew: 50/59 after 49/49.
    """
    announced = run.history.other.get(ANNOUNCED)
    if announced is None or not len(announced) or announced[0] == announced[-1]:
        return run
    own = np.flatnonzero(announced != announced[-1])[-1] + 1
    history = rows_from(run.history, int(own))
    planned = int(announced[-1]) - int(history.epoch[0]) + 1
    segments = ((int(history.epoch[0]), int(history.epoch[-1])),)
    return replace(
        run, history=history, logged=replace(run.logged, segments=segments, planned=planned)
    )
