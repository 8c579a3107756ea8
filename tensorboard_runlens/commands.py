"""Lines to copy: how each program resumes a training and uses its weights."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from tensorboard_runlens import partinet
from tensorboard_runlens.run import Run

ANY_CONFIDENCE = "CONF"
"""Stands where the threshold is not known; the user fills it in."""


WITHOUT_CONFIDENCE = ("classify", "semantic", "unknown")
"""Tasks whose predictions have no threshold to choose."""


SIZE_OPTION = {"yolov5": "--imgsz", "yolov7": "--img-size"}
"""How detect.py of these frameworks is told the size of its input."""

USUAL_SIZE = 640
"""... and what it takes otherwise."""

CALL = "("
"""Releases of Ultralytics up to 8.3.160 at least evaluate what their command line is told: no stranger's text that
calls something may stand there."""

RELATIVE = re.compile(r"^(?![A-Za-z]:)[^/\\~-]")
"""A path that begins at no drive, root or home, which are their owner's, and is no option."""


def resume(run: Run, checkpoint: str) -> Optional[str]:
    """How to resume from a checkpoint of the run (a path relative to it); None where that is not known.

    PartiNet's line is to be run in the project's folder, YOLOv5's and YOLOv7's where train.py lies. Ultralytics goes on
    writing to the ``save_dir`` of its arguments: where that is relative, from the folder in which it was started; else
    its line is for the run's folder. YOLOv5's classifiers cannot be resumed.
    """
    if partinet.is_command_line(run.arguments) and run.stage:
        return _resume_partinet(run, checkpoint)
    if run.framework == "ultralytics":
        return f"yolo train resume model={_word(_in_project(run, checkpoint))}"
    if run.framework in ("yolov5", "yolov7") and run.task != "classify":
        script = "segment/train.py" if run.task == "segment" else "train.py"
        return f"python {script} --resume {_word(_in_project(run, checkpoint))}"
    return None


def _in_project(run: Run, checkpoint: str) -> str:
    """The checkpoint's path from where the training was started, as ``save_dir`` says; without one that in the run."""
    stated = run.arguments.get("save_dir")
    if not isinstance(stated, str) or not RELATIVE.match(stated):
        return checkpoint
    folder = stated.replace("\\", "/").rstrip("/")
    kept_back = ".." in folder.split("/") or CALL in folder
    return checkpoint if kept_back else f"{folder}/{checkpoint}"


def _resume_partinet(run: Run, checkpoint: str) -> str:
    """PartiNet makes a new exp folder that begins with a copy of the old rows."""
    parts = [f"partinet train {run.stage}", f"--weight {_word(_last(run.name))}/{checkpoint}"]
    data = run.arguments.get("data")
    if isinstance(data, str) and data:
        parts.append(f"--data {_word(_last(data))}")
    epochs = run.arguments.get("epochs")
    if isinstance(epochs, int) and not isinstance(epochs, bool):
        parts.append(f"--epochs {epochs}")
    return " ".join([*parts, "--project ."])


def deploy(run: Run, weights: str, confidence: Optional[float] = None) -> list[str]:
    """How to detect with the run's weights (a path relative to it); empty where that is not known."""
    said = ANY_CONFIDENCE if confidence is None else f"{confidence:.3g}"
    if partinet.is_command_line(run.arguments):
        return [
            f"partinet detect --weight {_word(weights)} --source IMAGES --conf-thres {said}",
            f"partinet star --labels LABELS --images IMAGES --output OUTPUT --conf {said}",
        ]
    if run.framework == "ultralytics" and run.task in WITHOUT_CONFIDENCE:
        return [f"yolo predict model={_word(weights)} source=IMAGES"]
    if run.framework == "ultralytics":
        return [f"yolo predict model={_word(weights)} source=IMAGES conf={said}"]
    if run.framework in SIZE_OPTION:
        script = "segment/predict.py" if run.task == "segment" else "detect.py"
        line = f"python {script} --weights {_word(weights)} --source IMAGES --conf-thres {said}"
        return [line + _image_size(run)]
    return []


def image_size(arguments: Mapping[str, Any]) -> Optional[int]:
    """The side of the network's input in pixels, as a training's arguments have it; None where they have none.

    ``imgsz`` may be height and width, of which the longer counts. YOLOv7's and old YOLOv5's ``img_size`` are those of
    training and of testing, of which the last counts.
    """
    for name, of_several in (("imgsz", max), ("img_size", _testing)):
        stated = arguments.get(name)
        sides = stated if isinstance(stated, (list, tuple)) else [stated]
        known = [one for one in sides if isinstance(one, int) and not isinstance(one, bool)]
        if known and of_several(known) > 0:
            return of_several(known)
    return None


def _testing(sizes: Sequence[int]) -> int:
    return sizes[-1]


def _image_size(run: Run) -> str:
    """The option for the size that the model was trained with: these scripts take 640 unless told."""
    size = image_size(run.arguments)
    return "" if size in (None, USUAL_SIZE) else f" {SIZE_OPTION[run.framework]} {size}"


def _last(path: str) -> str:
    """The last part of a path: the folders above it are their owner's."""
    return re.split(r"[\\/]", path)[-1]


def _word(text: str) -> str:
    """A word of a command line, quoted where the shell would read more into it."""
    return shlex.quote(text)
