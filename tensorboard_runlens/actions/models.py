"""Another model to start from: the next larger one of its family by its published name, or the run's own best."""

from __future__ import annotations

import re
from typing import Optional

from tensorboard_runlens.actions.changes import Change
from tensorboard_runlens.run import Run
from tensorboard_runlens.weights import BEST

SIZES = {
    "yolov5": "nsmlx",
    "yolov6": "nsmlx",
    "yolov8": "nsmlx",
    "yolov9": "tsmce",
    "yolov10": "nsmblx",
    "yolo11": "nsmlx",
    "yolo12": "nsmlx",
    "yolo26": "nsmlx",
}
"""Family -> letters of its sizes, the smallest first: the names of the published weights and configurations."""

NAME = re.compile(
    r"(?P<family>yolov?\d{1,2})(?P<size>[a-z])(?P<rest>6?u?(-(seg|pose|obb|cls|sem|p2|p6))?\.(pt|yaml))"
)

WITHOUT_LETTER = {"yolov7-tiny.pt": "yolov7.pt", "yolov7.pt": "yolov7x.pt"}
"""YOLOv7's, whose sizes are words."""

MODEL_ARGUMENTS = ("model", "weights", "cfg")
"""What frameworks call the file that a training starts from, or its configuration."""

FOLDERS = re.compile(r"[\\/]")


def larger(name: str) -> Optional[str]:
    """The next larger model: yolo11n-seg.pt -> yolo11s-seg.pt; None for the largest and for names that are nobody's."""
    if name in WITHOUT_LETTER:
        return WITHOUT_LETTER[name]
    found = NAME.fullmatch(name)
    sizes = SIZES.get(found["family"], "") if found else ""
    if not found or found["size"] not in sizes[:-1]:
        return None
    return f"{found['family']}{sizes[sizes.index(found['size']) + 1]}{found['rest']}"


def next_model(run: Run) -> list[Change]:
    """The changes of the arguments that name the model; none where its family is not known."""
    changes: list[Change] = []
    for argument in MODEL_ARGUMENTS:
        stated = run.arguments.get(argument)
        old = FOLDERS.split(stated)[-1] if isinstance(stated, str) else ""
        new = larger(old)
        if new:
            changes.append((argument, old, new))
    return changes


def own_weights(run: Run) -> list[Change]:
    """A training that starts from the best weights of this one, which must lie in its folder."""
    there = run.files.by_role.get("weights", ())
    best = next((path for path in BEST if path in there), None)
    for argument in MODEL_ARGUMENTS[:2] if best else ():
        stated = run.arguments.get(argument)
        if isinstance(stated, str):
            return [(argument, FOLDERS.split(stated)[-1], best)]
    return []
