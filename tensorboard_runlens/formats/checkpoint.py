"""What best.pt and last.pt tell of the run that wrote them, read as data and without PyTorch.

A checkpoint is a zip whose data.pkl describes everything but the weights. It is the only file of a
run that names the release. While a training goes on, ``epoch`` counts from 0; a finished training
strips its checkpoints, sets it to -1 and copies the whole result table into best.pt, so that the
epoch of its weights is told by the metrics beside it. Ultralytics (all tasks), YOLOv5 and YOLOv7
write the same keys as far as they have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import MAX_EPOCH
from tensorboard_runlens.formats.table import MAX_COLUMNS
from tensorboard_runlens.plain import pickled_values, plain_pickle, plain_zip
from tensorboard_runlens.run import Floats, Problem

MAX_PICKLE_BYTES = 16 * 2**20
"""Cap of the description: yolo11n has 190 kB while it trains, and 5,000 epochs add 2 MB."""

MAX_CELLS = 1_000_000
"""Cells of the result table inside: 5,000 epochs of 32 columns have a sixth. One list may be all columns."""

HEAD_BYTES = 24
DESCRIPTION = "/data.pkl"
ZIP_MARK = b"PK\x03\x04"
LFS_MARK = b"version https://git-lfs"
LEGACY_MARK = b"\x80\x02\x8a\nl\xfc\x9cF\xf9"
"""How torch.save began a file before PyTorch 1.6."""

KEYS = ("model", "ema", "train_args", "opt", "best_fitness")
"""One of these is in every checkpoint of the three frameworks."""

RELEASE = re.compile(r"\d{1,3}\.\d{1,4}\.\d{1,4}")
DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[0-9.+:Z]{0,16}")

TASK_OF_MODEL = {
    "DetectionModel": "detect",
    "SegmentationModel": "segment",
    "PoseModel": "pose",
    "OBBModel": "obb",
    "ClassificationModel": "classify",
    "SemanticSegmentationModel": "semantic",
    "RTDETRDetectionModel": "detect",
    "WorldModel": "detect",
}
"""Where the arguments do not name the task; what only says Model is left open."""

TOLERANCES = (5e-6, 5e-5)
"""Relative rounding of results.csv: six digits since 8.3.9, five before."""

ROUNDING = 1e-6
"""The metrics have five decimals, so values of two epochs differ by ten times this or not at all."""


@dataclass(frozen=True)
class Checkpoint:
    """The facts of one checkpoint; None and empty where it does not tell.

    ``size`` is in bytes, ``date`` ISO text. ``epoch`` is as stored: from 0, -1 once stripped.
    ``logged`` counts the rows of the result table inside, and ``matching`` are the epoch numbers of
    those whose metrics are the checkpoint's, in order: of several the last holds the weights.
    ``metrics`` is group -> name -> fraction. ``arguments`` are other people's words: paths among
    them are never opened, and an answer cuts them.
    """

    file: str
    size: int
    version: Optional[str] = None
    date: Optional[str] = None
    epoch: Optional[int] = None
    task: Optional[str] = None
    names: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    logged: Optional[int] = None
    matching: tuple[int, ...] = ()
    best_fitness: Optional[float] = None
    branch: Optional[str] = None
    commit: Optional[str] = None
    problems: tuple[Problem, ...] = ()

    @property
    def finished(self) -> Optional[bool]:
        """Whether the training came to its end and stripped this file."""
        return None if self.epoch is None else self.epoch == -1

    @property
    def epoch_of_weights(self) -> Optional[int]:
        """The epoch number, as in the result table, whose weights these are, None where it is not told."""
        return self.matching[-1] if self.matching else None


def read_checkpoint(folder: Folder, name: str) -> Checkpoint:
    """The facts of a checkpoint in this folder; what cannot be read is in ``problems``. Never raises."""
    size = folder.files[name].size
    try:
        description = _description(folder, name)
        content = plain_pickle.load(description)
        return _facts(name, size, _dictionary(content))
    except plain_zip.Refused as refusal:
        (kind, said) = (refusal.kind, str(refusal))
    except plain_pickle.Damaged as damage:
        (kind, said) = ("damaged", f"its description cannot be read: {damage}")
    except FileRefused as refusal:
        (kind, said) = ("refused", str(refusal))
    except OSError as error:
        (kind, said) = ("refused", f"cannot be read: {error.strerror or type(error).__name__}")
    return Checkpoint(name, size, problems=(Problem(name, None, kind, said),))


def _description(folder: Folder, name: str) -> bytes:
    path = folder.local_path(name)
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.startswith(ZIP_MARK):
        raise plain_zip.Refused(*_no_archive(head))
    return plain_zip.read_member(path, DESCRIPTION, MAX_PICKLE_BYTES)


def _no_archive(head: bytes) -> tuple[str, str]:
    """(kind, sentence) of a file that is no zip."""
    if not head:
        return ("empty", "the file is empty")
    if head.startswith(LFS_MARK):
        return ("lfs_pointer", "a Git LFS pointer: the checkpoint itself was not fetched")
    if head.startswith(LEGACY_MARK):
        return ("legacy", "written by PyTorch before 1.6, in a form that RunLens does not read")
    return ("not_a_checkpoint", "not a file that PyTorch wrote")


def _dictionary(content: Any) -> Mapping[str, Any]:
    if isinstance(content, dict) and any(key in content for key in KEYS):
        return content
    raise plain_zip.Refused("not_a_checkpoint", "no checkpoint of a training")


def _facts(name: str, size: int, content: Mapping[str, Any]) -> Checkpoint:
    model = content.get("ema") or content.get("model")
    arguments = _first_dictionary(content, "train_args", "opt")
    git = pickled_values.dictionary(content.get("git"))
    table = _table(content.get("train_results"))
    logged = max((len(values) for values in table.values()), default=None)
    measured = pickled_values.numbers(content.get("train_metrics"))
    return Checkpoint(
        file=name,
        size=size,
        version=_text(content.get("version"), RELEASE),
        date=_text(content.get("date"), DATE),
        epoch=_epoch(content.get("epoch")),
        task=_task(arguments, model),
        names=_names(model),
        arguments=arguments,
        metrics=_metrics(measured),
        logged=_lines(content.get("training_results")) if logged is None else logged,
        matching=_matching(table, measured),
        best_fitness=pickled_values.number(content.get("best_fitness")),
        branch=_word(git.get("branch")),
        commit=_word(git.get("commit")),
    )


def _first_dictionary(content: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    found = (pickled_values.dictionary(content.get(key)) for key in keys)
    return next((one for one in found if one), {})


def _text(value: Any, form: re.Pattern[str]) -> Optional[str]:
    return value if isinstance(value, str) and form.fullmatch(value) else None


def _word(value: Any) -> Optional[str]:
    return value if isinstance(value, str) and value else None


def _epoch(value: Any) -> Optional[int]:
    number = pickled_values.number(value)
    if number is None or not np.isfinite(number) or not -1 <= number <= MAX_EPOCH:
        return None
    return int(number) if number == int(number) else None


def _task(arguments: Mapping[str, Any], model: Any) -> Optional[str]:
    stated = arguments.get("task")
    if stated in TASK_OF_MODEL.values():
        return str(stated)
    made = model.name if isinstance(model, plain_pickle.Made) else ""
    return TASK_OF_MODEL.get(made.rpartition(".")[2])


def _names(model: Any) -> tuple[str, ...]:
    """The classes by number, as the model knows them."""
    state = model.state if isinstance(model, plain_pickle.Made) else None
    names = pickled_values.plain(state.get("names")) if isinstance(state, dict) else None
    if isinstance(names, dict):
        names = [names[number] for number in sorted(key for key in names if isinstance(key, int))]
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        return ()
    return tuple(names)


def _metrics(measured: Mapping[str, float]) -> dict[str, dict[str, float]]:
    metrics: dict[str, dict[str, float]] = {}
    for column, value in measured.items():
        where = place(column)
        if where.kind == "metric":
            metrics.setdefault(where.group, {})[where.name] = value
    return metrics


def _table(value: Any) -> dict[str, Floats]:
    """The result table inside: column -> numbers, NaN for anything else; {} for one of too many cells."""
    columns = {
        name.strip(): cells
        for (name, cells) in (value.items() if isinstance(value, dict) else ())
        if isinstance(name, str) and isinstance(cells, list)
    }
    if sum(map(len, columns.values())) > MAX_CELLS or len(columns) > MAX_COLUMNS:
        return {}
    return {
        name: np.array([pickled_values.measured(cell) for cell in cells], np.float64)
        for (name, cells) in columns.items()
    }


def _lines(text: Any) -> Optional[int]:
    """Rows of the results.txt that YOLOv7 and YOLOv5 up to v5.0 keep inside."""
    return sum(bool(line.strip()) for line in text.splitlines()) if isinstance(text, str) else None


def _matching(table: Mapping[str, Floats], measured: Mapping[str, float]) -> tuple[int, ...]:
    """Epoch numbers of the rows that hold the measured values, as exactly as the table was rounded."""
    epochs = table.get("epoch")
    if epochs is None:
        return ()
    shared = [name for name in measured if name in table and len(table[name]) == len(epochs)]
    if not any(place(name).kind == "metric" for name in shared):
        return ()
    for tolerance in TOLERANCES:
        same = np.isfinite(epochs)
        for name in shared:
            same &= np.isclose(
                table[name], measured[name], rtol=tolerance, atol=ROUNDING, equal_nan=True
            )
        if same.any():
            return tuple(int(epoch) for epoch in epochs[same])
    return ()
