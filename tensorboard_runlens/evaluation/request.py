"""What ``runlens evaluate RUN`` validates: which checkpoint, on which data set, with which arguments.

The command is the user's own wish to load this checkpoint, so a path in the run's arguments may be
opened here, as nowhere else: which one it was is said.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Optional

from tensorboard_runlens import partinet
from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.evaluation.images import Images, images_of
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.naming import name_below, own_name
from tensorboard_runlens.pointed_out import dataset_of
from tensorboard_runlens.recording.evaluating.checkpoint import CannotEvaluate, NotThere
from tensorboard_runlens.recording.layout import FOLDER
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import FILE_NAME, nearest

BEST = "best.pt"

OTHER_PROGRAMS = {"yolov5": "val.py", "yolov7": "test.py"}
"""Frameworks whose checkpoints hold classes of their own source code, and the program that validates them."""


@dataclass(frozen=True)
class Request:
    """The run, the path of its best.pt, the images, and who named them."""

    run: Run
    weights: str
    images: Images
    named_by: str


def request(path: str, data: Optional[str]) -> Request:
    """What is to be validated of the run in a folder; ``data`` is the user's own --data. Raises CannotEvaluate."""
    if not os.path.isdir(path):
        raise NotThere(f"no such folder: {_last(path)}")
    try:
        run = open_run(path)
    except (NotARun, FileNotFoundError) as error:
        raise CannotEvaluate(f"{_last(path)}: {error}") from error
    _check_program(run)
    weights = _weights(run)
    _check_place(path)
    (place, named_by) = _data(run, data)
    return Request(run, weights, _images(place), named_by)


def _check_program(run: Run) -> None:
    """Other programs' checkpoints can be loaded by these only."""
    program = OTHER_PROGRAMS.get(run.framework)
    if program is None:
        return
    name = "PartiNet" if partinet.is_command_line(run.arguments) else _titled(run.framework)
    raise CannotEvaluate(
        f"Ultralytics cannot load a checkpoint of {name}; in its own folder: python {program} "
        f"--weights {BEST} --data DATA.yaml --task val --conf-thres .001"
    )


def _titled(framework: str) -> str:
    return framework.replace("yolo", "YOLO")


def _weights(run: Run) -> str:
    """The path of best.pt, in weights/ or beside the table. Raises CannotEvaluate."""
    folder = Folder(run.path)
    for place in (folder.below(WEIGHTS_FOLDER), folder):
        if place is not None and BEST in place.files:
            try:
                return place.local_path(BEST)
            except FileRefused as refusal:
                raise CannotEvaluate(f"{BEST}: {refusal}") from refusal
    said = f"no {BEST} in {_last(run.path)}, neither in {WEIGHTS_FOLDER}/ nor beside the table"
    raise NotThere(said)


def _check_place(path: str) -> None:
    """Raises CannotEvaluate where the result could not be kept, before it takes an hour to find that out."""
    place = os.path.join(path, FOLDER)
    if os.path.islink(place):
        raise CannotEvaluate(f"{FOLDER} in {_last(path)} is a link: nothing is written there")
    if not os.access(place if os.path.isdir(place) else path, os.W_OK | os.X_OK):
        raise CannotEvaluate(f"no permission to write into {_last(path)}/{FOLDER}")


def _data(run: Run, data: Optional[str]) -> tuple[str, str]:
    """(path of the data set, who named it): the user, runlens.yaml, or the run's arguments. Raises CannotEvaluate."""
    if data is not None:
        return (data, "--data")
    settings = nearest(run.path)
    name = run.name
    if settings.folder:
        name = name_below(settings.folder, run.path, run.name)
    pointed_out = dataset_of(run, name, settings.datasets)
    if pointed_out is not None:
        return (pointed_out, FILE_NAME)
    stated: Any = run.arguments.get("data")
    if isinstance(stated, str) and "\0" not in stated and os.path.exists(stated):
        return (stated, run.argument_file.get("data", "the run's arguments"))
    why = "names no data set" if not stated else f"names {_last(str(stated))}, which is not here"
    raise NotThere(f"{_last(run.path)} {why}: say which with --data DATA.yaml, or in {FILE_NAME}")


def _images(path: str) -> Images:
    try:
        return images_of(path)
    except FileNotFoundError as error:
        raise NotThere(f"no such file: {_last(path)}") from error
    except NotADataset as error:
        raise CannotEvaluate(f"{_last(path)}: {error}") from error


def _last(path: str) -> str:
    """The last part of a path of any system: messages name no other part of a machine."""
    return own_name(path.replace("\\", "/"))
