"""A checkpoint that Ultralytics has loaded, and its validation on a split of a data set.

The framework writes what it writes into a folder that the caller removes; what it prints goes to
stderr. It may neither install packages nor use the network for a validation.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.recording.evaluating.listener import Listener, Validation
from tensorboard_runlens.recording.guard import warn
from tensorboard_runlens.recording.releases import numbers, running
from tensorboard_runlens.report.text import printable

OLDEST = "8.0.235"
"""The first release of Ultralytics that tells its detections."""

SWITCHES = {"YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true"}
"""Environment in which Ultralytics fetches nothing, unless the user has set it otherwise."""

LOGGER = "ultralytics"
"""What it logs its output with; that writes to the stdout of the time when it was imported."""

KEPT_ARGUMENTS = (
    "imgsz",
    "single_cls",
    "classes",
    "agnostic_nms",
    "augment",
    "overlap_mask",
    "mask_ratio",
)
"""Arguments of a training that hold for its validations, too. Batches are rectangular there whatever ``rect`` says."""

IOU = 0.7
"""Of non-maximum suppression, and ..."""

MAX_DET = 300
"""... detections an image: Ultralytics' defaults, under which every training validates."""

CONFIDENCE = {"obb": 0.01}
LEAST_CONFIDENCE = 0.001
"""Detections below are not kept; of rotated boxes those below the one above."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
EMOJI = ("So", "Mn")
"""Unicode's categories of the signs with which the framework decorates its messages, and of what varies them."""

MAX_REASON = 300

MAX_LISTED = 10
"""Classes that a sentence names."""

OF_OTHERS = (
    "it holds classes of YOLOv5's or YOLOv7's source code; in the folder of the program that trained "
    "it: python val.py (YOLOv7: test.py) --weights best.pt --data DATA.yaml --conf-thres .001"
)


class CannotEvaluate(Exception):
    """Why nothing was validated, in one sentence for the user."""


class NotThere(CannotEvaluate):
    """Something that has to be there is not: the run, its best.pt, the data set."""


class Checkpoint:
    """A best.pt. ``task`` and ``names`` (class names in order) are the model's."""

    def __init__(self, path: str) -> None:
        """Loads it, which runs what it holds. Raises CannotEvaluate."""
        self._path = path
        with _printing_beside():
            self._model = _loaded(path)
        self._listener = Listener()
        self._model.add_callback("on_val_start", self._begin)
        self._model.add_callback("on_val_end", self._end)
        names = dict(self._model.names)
        self.task = str(self._model.task)
        self.names = [str(names[number]) for number in sorted(names)]

    def validate(
        self, data: str, split: str, arguments: Mapping[str, Any], folder: str
    ) -> Validation:
        """Validates on one split of the data set that a YAML file or folder is. Raises CannotEvaluate.

        ``arguments`` are the framework's beyond those that are the same for every validation; what it
        writes goes into ``folder``.
        """
        self._listener = Listener()
        try:
            with _printing_beside():
                self._model.val(**self._arguments(data, split, arguments, folder))
        except CannotEvaluate:
            raise
        except Exception as error:
            raise CannotEvaluate(f"{split}: Ultralytics: {reason(error)}") from error
        if self._listener.failure is not None:
            raise self._listener.failure
        if self._listener.validation is None:
            raise CannotEvaluate("this release of Ultralytics does not tell what it validates")
        return self._listener.validation

    def _arguments(
        self, data: str, split: str, arguments: Mapping[str, Any], folder: str
    ) -> dict[str, Any]:
        from ultralytics.utils import DEFAULT_CFG_DICT

        known = {name: value for (name, value) in arguments.items() if name in DEFAULT_CFG_DICT}
        return {
            **{name: value for (name, value) in known.items() if value is not None},
            "data": data,
            "split": split,
            "conf": CONFIDENCE.get(self.task, LEAST_CONFIDENCE),
            "iou": IOU,
            "max_det": MAX_DET,
            "plots": False,
            "project": folder,
            "name": split,
            "exist_ok": True,
        }

    def _begin(self, validator: Any) -> None:
        self._check_classes(validator)
        self._listener.begin(validator)

    def _end(self, validator: Any) -> None:
        self._listener.end(validator)

    def _check_classes(self, validator: Any) -> None:
        """Raises CannotEvaluate for a data set with more or fewer classes than the model has; other names are said."""
        theirs = list(dict(validator.data["names"]).values())
        if getattr(validator.args, "single_cls", False) and len(self.names) == 1:
            validator.data["names"] = dict(enumerate(self.names))  # as its training did
        elif len(theirs) != len(self.names):
            raise CannotEvaluate(
                f"the data set has {len(theirs)} classes and {os.path.basename(self._path)} "
                f"{len(self.names)}: name the one that it was trained on with --data"
            )
        elif list(map(str, theirs)) != self.names:
            warn(
                f"the data set's classes are called {_listed(theirs)}, the model's {_listed(self.names)}"
            )


def _listed(names: Sequence[Any]) -> str:
    more = ", ..." if len(names) > MAX_LISTED else ""
    return ", ".join(printable(str(name)) for name in names[:MAX_LISTED]) + more


def kept_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a training that its validations have, too."""
    return {name: arguments[name] for name in KEPT_ARGUMENTS if name in arguments}


def reason(error: Exception) -> str:
    """The first line of what the framework says, without colours, emojis and other people's paths."""
    text = "".join(
        sign
        for sign in COLOUR.sub("", str(error))
        if sign.isascii() or unicodedata.category(sign) not in EMOJI
    )
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    said = lines[0][:MAX_REASON].removeprefix("ERROR ") if lines else type(error).__name__
    return without_absolute_paths(said)


@contextlib.contextmanager
def _printing_beside() -> Iterator[None]:
    """What the framework prints goes to stderr: the answer alone is for stdout."""
    handlers = [
        one
        for one in logging.getLogger(LOGGER).handlers
        if isinstance(one, logging.StreamHandler) and one.stream is sys.stdout
    ]
    for one in handlers:
        one.setStream(sys.stderr)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        for one in handlers:
            one.setStream(sys.stdout)


def _loaded(path: str) -> Any:
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
    try:
        from ultralytics import YOLO
    except ImportError as error:
        if error.name in ("ultralytics", "torch"):
            said = f"runlens evaluate needs {error.name}: pip install ultralytics"
            raise CannotEvaluate(said) from error
        raise CannotEvaluate(f"ultralytics cannot be imported: {reason(error)}") from error
    except Exception as error:  # torch and torchvision that do not fit each other, say
        raise CannotEvaluate(f"ultralytics cannot be imported: {reason(error)}") from error
    (there, needed) = (running(), numbers(OLDEST))
    if there is not None and needed is not None and there < needed:
        raise CannotEvaluate(f"runlens evaluate needs Ultralytics {OLDEST} or later")
    try:
        return YOLO(path)
    except Exception as error:
        why = OF_OTHERS if _is_of_others(error) else reason(error)
        raise CannotEvaluate(f"Ultralytics cannot load {os.path.basename(path)}: {why}") from error


def _is_of_others(error: Exception) -> bool:
    """Whether the checkpoint is built of classes of a source folder called models, as YOLOv5's and YOLOv7's are."""
    missing_module = getattr(error.__cause__ or error, "name", None) or ""
    return missing_module.partition(".")[0] == "models"
