"""The console outputs saved in one folder: which files they are, and what each of them states.

A file is read once for a folder's listing, whoever asks: two formats and the facts of the run do. All
files together have one allowance of bytes and lines, so that a folder of logs costs seconds at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional
from weakref import WeakKeyDictionary

from tensorboard_runlens.console import arguments, notebook
from tensorboard_runlens.console.epochs import MAX_EPOCHS
from tensorboard_runlens.console.text import MAX_LENGTH, MAX_PIECES, Pieces
from tensorboard_runlens.console.training import Training, trainings
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats.table import as_written
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import Problem

SUFFIXES = (".log", ".out", ".txt", notebook.SUFFIX)
NEVER = ("results.txt", "requirements.txt")
MAX_FILES = 20
"""Files of one folder that are looked at, the largest first: a folder of label files has thousands."""

MIN_BYTES = 200
"""A shorter text holds no training."""

MAX_BYTES = 32 * 2**20
"""Of all files in a folder: a training of a day with every state of its progress bars prints some 10 MB."""

NOT_READ = (
    f"not read: of the logs and notebooks in one folder {MAX_BYTES:,} bytes "
    f"and {MAX_PIECES:,} lines are read, the newest first"
)
BEGINNING = re.compile(
    r"Ultralytics (?:YOLOv)?\d+\.\d|YOLOv5 [^\n]{1,60}torch|YOLOR? [^\n]{1,60}torch|engine/trainer: |Namespace\("
    r"|epoch\s{1,40}gpu_mem\s|self[ _-]training[ _-]iterations",
    re.IGNORECASE,
)
"""What a training prints within its first lines."""

EPOCHS = re.compile(r"(?:Epoch|epoch|EPOCH)\s{1,40}(?:GPU_mem|gpu_mem|GPU_MEM)\s")
"""The header above every epoch's line."""


@dataclass(frozen=True)
class Output:
    """What one file states. ``training`` is its last one that reached an epoch, or else the last of
    which anything is known; None where the file was refused. ``newest`` is the last one that began,
    which may be another one. ``arguments`` are those of the training. ``has_epochs`` says whether
    the header of an epoch is in the file."""

    training: Optional[Training]
    newest: Optional[Training]
    arguments: Mapping[str, Any]
    problems: tuple[Problem, ...]
    has_epochs: bool


_known: WeakKeyDictionary[Folder, Mapping[str, Output]] = WeakKeyDictionary()


def outputs(folder: Folder) -> Mapping[str, Output]:
    """The console outputs of a folder by file, the newest first. Never raises."""
    if folder not in _known:
        _known[folder] = dict(_Reader(folder).read())
    return _known[folder]


class _Reader:
    """Reads the console outputs of one folder, the newest first, until the allowance is used up."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.bytes_left = MAX_BYTES
        self.pieces_left = MAX_PIECES

    def read(self) -> Iterator[tuple[str, Output]]:
        for name in self._candidates():
            output = self._output(name)
            if output is not None:
                yield (name, output)

    def _candidates(self) -> list[str]:
        """Files that may be console outputs: logs by their first lines, notebooks by their name."""
        files = self.folder.files
        fitting = [
            name
            for (name, entry) in files.items()
            if name.lower().endswith(SUFFIXES) and name not in NEVER and entry.size >= MIN_BYTES
        ]
        largest = sorted(fitting, key=lambda name: -files[name].size)[:MAX_FILES]
        found = [name for name in largest if _is_notebook(name) or self._begins_like_one(name)]
        return sorted(found, key=lambda name: -files[name].mtime)

    def _begins_like_one(self, name: str) -> bool:
        return bool(BEGINNING.search(as_written(self.folder.head(name)) or ""))

    def _output(self, name: str) -> Optional[Output]:
        """What the file states; None for a notebook in which no epoch was printed."""
        size = self.folder.files[name].size
        if size > self.bytes_left or not self.pieces_left:
            return _refused(name, NOT_READ, has_epochs=False)
        self.bytes_left -= size
        try:
            raw = as_written(self.folder.read(name, size)) or ""
        except FileRefused as error:
            return _refused(name, str(error), has_epochs=False)
        has_epochs = bool(EPOCHS.search(raw))
        if not _is_notebook(name):
            return self._understood(name, raw, has_epochs)
        try:
            return self._understood(name, notebook.printed(raw), has_epochs) if has_epochs else None
        except plain_json.Damaged as error:
            return _refused(name, str(error), has_epochs)

    def _understood(self, name: str, text: str, has_epochs: bool) -> Output:
        pieces = Pieces(text, self.pieces_left)
        (training, newest, trained) = _chosen(trainings(pieces))
        self.pieces_left = max(0, self.pieces_left - pieces.told)
        problems = [
            *_several(name, training, trained),
            *_lost(name, training),
            *_unread(name, pieces),
        ]
        told = arguments.values(training.arguments)
        return Output(training, newest, told, tuple(located(name, problems)), has_epochs)


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(notebook.SUFFIX)


def _refused(name: str, said: str, has_epochs: bool) -> Output:
    return Output(None, None, {}, (Problem(name, None, "refused", said),), has_epochs)


def _chosen(found: Iterable[Training]) -> tuple[Training, Training, int]:
    """The last training that tells the most, the last one that began, and how many reached an epoch. No other one is
    kept."""
    (chosen, newest, trained) = (Training(1), Training(1), 0)
    for training in found:
        trained += bool(training.tables.epochs)
        if training.began:
            newest = training
        if _telling(training) >= _telling(chosen):
            chosen = training
    return (chosen, newest if newest.line > chosen.line else chosen, trained)


def _telling(training: Training) -> int:
    """2 with an epoch, 1 where anything is known."""
    return 2 if training.tables.epochs else int(training.understood)


def _several(name: str, training: Training, trained: int) -> Iterator[Problem]:
    if trained > 1:
        said = f"{trained:,} trainings in one output; the last one is shown"
        yield Problem(name, training.line, "several_trainings", said)


def _lost(name: str, training: Training) -> Iterator[Problem]:
    (nowhere, beyond) = (training.tables.nowhere, training.tables.beyond)
    if nowhere:
        said = (
            f"metrics of {nowhere:,} validations stand below no line of an epoch; they are left out"
        )
        yield Problem(name, None, "no_epoch_line", said)
    if beyond:
        said = f"{beyond:,} epochs after the first {MAX_EPOCHS:,}; they are left out"
        yield Problem(name, None, "too_many_epochs", said)


def _unread(name: str, pieces: Pieces) -> Iterator[Problem]:
    if pieces.too_long:
        said = f"{len(pieces.too_long):,} lines of more than {MAX_LENGTH:,} characters; they are left out"
        yield Problem(name, pieces.too_long[0], "long_line", said)
    if pieces.cut_at:
        said = f"more than {MAX_PIECES:,} lines in the logs of this folder; what stands below is not read"
        yield Problem(name, pieces.cut_at, "too_many_lines", said)


def located(name: str, problems: Sequence[Problem]) -> list[Problem]:
    """Lines are those of what was printed: in a notebook's file they stand elsewhere."""
    if not _is_notebook(name):
        return list(problems)
    return [replace(problem, line=None) for problem in problems]
