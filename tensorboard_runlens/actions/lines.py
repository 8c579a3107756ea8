"""A line to copy that trains once more with other arguments, in the words of the program that wrote the run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any, Optional

from tensorboard_runlens.actions.changes import Change
from tensorboard_runlens.releases.ultralytics_defaults import DEFAULTS
from tensorboard_runlens.run import Run

HYPERPARAMETERS = "hyp.yaml"
"""YOLOv5's and YOLOv7's file of what is no option of train.py."""

FILES = ("data", "model")
"""What every training of Ultralytics is given."""

RELATIVE = re.compile(r"[\w.][^:~]*")
"""A path that is told from where the training was started."""

VALUE_LENGTH = 200
"""Characters of a value beyond which it is none that somebody typed."""


def retrain(run: Run, changes: Sequence[Change]) -> Optional[str]:
    """The line; None for programs whose command line is not known.

    Ultralytics' repeats the whole training but for the changes; where its data or model are not known, and for YOLOv5
    and YOLOv7, it is what to add to the line that was used. Entries of a YAML file are a line each.
    """
    if run.framework == "ultralytics":
        return _ultralytics(run, changes)
    if run.framework in ("yolov5", "yolov7"):
        return _script(run, changes)
    return None


def _ultralytics(run: Run, changes: Sequence[Change]) -> str:
    new = {argument: to for (argument, _, to) in changes}
    files = {name: _path(run.arguments.get(name)) for name in FILES}
    own = {
        name: value
        for (name, value) in run.arguments.items()
        if name in DEFAULTS and value != DEFAULTS[name]
    }
    fragment = " ".join(_said(new))
    if not all(files.values()) or not all(_is_typed(value) for value in own.values()):
        return fragment
    told = {name: _without_folders(value) for (name, value) in own.items()}
    task = [] if run.task == "unknown" else [run.task]
    return " ".join(["yolo", *task, "train", *_said({**files, **told, **new})])


def _said(arguments: dict[str, Any]) -> list[str]:
    return [f"{name}={shlex.quote(str(value))}" for (name, value) in arguments.items()]


def _is_typed(value: Any) -> bool:
    """Whether a command line takes it: a scalar, or a list such as that of frozen layers."""
    parts = value if isinstance(value, list) else [value]
    plain = all(part is None or isinstance(part, (bool, int, float, str)) for part in parts)
    return plain and len(str(value)) <= VALUE_LENGTH and str(value).isprintable()


def _without_folders(value: Any) -> Any:
    """An argument's value; a path in it, as that of pretrained weights, as it can be named elsewhere."""
    if isinstance(value, list):
        return [_without_folders(part) for part in value]
    return _path(value) or "" if isinstance(value, str) else value


def _path(stated: Any) -> Optional[str]:
    """A file as it can be named elsewhere: of an absolute path the last part, whose folders are their owner's."""
    if not isinstance(stated, str) or not stated or not _is_typed(stated):
        return None
    path = stated.replace("\\", "/")
    return path if RELATIVE.fullmatch(path) and ".." not in path else path.split("/")[-1] or None


def _script(run: Run, changes: Sequence[Change]) -> str:
    entries = [one for one in changes if run.argument_file.get(one[0]) == HYPERPARAMETERS]
    options = " ".join(_option(one) for one in changes if one not in entries)
    if not entries:
        return options
    lines = "\n".join(f"{argument}: {to}" for (argument, _, to) in entries)
    return f"{lines}  # in {HYPERPARAMETERS}, then --hyp {HYPERPARAMETERS} {options}".rstrip()


def _option(change: Change) -> str:
    (argument, _, to) = change
    name = f"--{argument.replace('_', '-')}"
    return name if to is True else f"{name} {shlex.quote(str(to))}"
