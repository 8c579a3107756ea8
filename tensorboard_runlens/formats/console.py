"""Console output saved beside a run, and notebooks: what was printed and is written nowhere else.

The version, the size of the model, images without objects, metrics by class, speed, and why a
training broke off. Where no results file is left, the printed epochs are the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from tensorboard_runlens.console import notebook
from tensorboard_runlens.console.table import fill, planned
from tensorboard_runlens.console.text import MAX_LENGTH, MAX_PIECES, Pieces
from tensorboard_runlens.console.training import Training, trainings
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, results_csv, results_txt
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import Table, as_written
from tensorboard_runlens.plain import plain_json
from tensorboard_runlens.run import Console, Problem

SUFFIXES = (".log", ".out", ".txt", notebook.SUFFIX)
NEVER = ("results.txt", "requirements.txt")
MAX_FILES = 20
"""Files of one folder that are looked at, the largest first: a folder of label files has thousands."""

MIN_BYTES = 200
"""A shorter text holds no training."""

MAX_BYTES = 32 * 2**20
"""Cap of a file: a training of a day with every state of its progress bars prints some 10 MB."""

BEGINNING = re.compile(
    r"Ultralytics (?:YOLOv)?\d+\.\d|YOLOv5 [^\n]{1,60}torch|YOLOR? [^\n]{1,60}torch|engine/trainer: |Namespace\("
    r"|epoch\s{1,40}gpu_mem\s|self[ _-]training[ _-]iterations",
    re.IGNORECASE,
)
"""What a training prints within its first lines."""

EPOCHS = re.compile(r"epoch\s{1,40}gpu_mem\s", re.IGNORECASE)
"""The header above every epoch's line."""


@dataclass(frozen=True)
class Output:
    """A file's last training that reached an epoch, or else the last of which anything is known."""

    training: Training
    problems: tuple[Problem, ...]


def find(folder: Folder) -> list[str]:
    """Files in which epochs were printed."""
    return [name for name in _recognised(folder) if EPOCHS.search(_raw(folder, name))]


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """The printed epochs as a table, and their history."""
    table = Table(name, {}, [], 0)
    try:
        output = _output(folder, name)
    except (FileRefused, plain_json.Damaged) as error:
        table.say(None, "refused", str(error))
        return (table, build(table))
    fill(table, output.training)
    if not table.rows:
        table.say(None, "empty", "no epoch that was trained to its end")
    reading = build(table, planned(output.training))
    table.problems = [*output.problems, *_located(name, table.problems)]
    final = output.training.tables.final
    return (table, replace(reading, logged=replace(reading.logged, final=final)))


def consoles(folder: Folder) -> list[tuple[str, Console, tuple[Problem, ...]]]:
    """What every console output in the folder states, as (file, facts, problems); newest last."""
    names = sorted(_recognised(folder), key=lambda name: folder.files[name].mtime)
    return [(name, *facts) for name in names if (facts := _facts(folder, name))]


def _facts(folder: Folder, name: str) -> Optional[tuple[Console, tuple[Problem, ...]]]:
    """The facts of one file; None for a file that holds no training after all."""
    try:
        output = _output(folder, name)
    except (FileRefused, plain_json.Damaged) as error:
        return (Console(name), (Problem(name, None, "refused", str(error)),))
    training = output.training
    if not training.understood:
        return None
    told = Console(
        file=name,
        arguments=training.arguments,
        classes=tuple(training.tables.classes),
        final=training.tables.final,
        ended=training.ended,
        **training.facts,
    )
    return (told, output.problems)


def _recognised(folder: Folder) -> list[str]:
    """Console outputs by their first lines, notebooks by a printed epoch anywhere in them."""
    candidates = [
        name
        for (name, entry) in folder.files.items()
        if name.lower().endswith(SUFFIXES) and name not in NEVER and entry.size >= MIN_BYTES
    ]
    largest = sorted(candidates, key=lambda name: -folder.files[name].size)[:MAX_FILES]
    return [name for name in largest if _is_console(folder, name)]


def _is_console(folder: Folder, name: str) -> bool:
    if name.endswith(notebook.SUFFIX):
        return bool(EPOCHS.search(_raw(folder, name)))
    return bool(BEGINNING.search(as_written(folder.head(name)) or ""))


def _raw(folder: Folder, name: str) -> str:
    """The file's text as it stands; "" for a file that is not read."""
    try:
        return as_written(folder.read(name, MAX_BYTES)) or ""
    except FileRefused:
        return ""


def _output(folder: Folder, name: str) -> Output:
    """What the file's last training stated. Raises FileRefused and plain_json.Damaged."""
    text = as_written(folder.read(name, MAX_BYTES)) or ""
    pieces = Pieces(notebook.printed(text) if name.endswith(notebook.SUFFIX) else text)
    found = trainings(pieces)
    trained = [training for training in found if training.tables.epochs]
    known = [training for training in found if training.understood]
    chosen = (trained or known or found)[-1]
    problems = [*_several(name, trained), *_lost(name, chosen), *_unread(name, pieces)]
    return Output(chosen, tuple(_located(name, problems)))


def _several(name: str, trained: Sequence[Training]) -> Iterator[Problem]:
    if len(trained) > 1:
        said = f"{len(trained)} trainings in one output; the last one is shown"
        yield Problem(name, trained[-1].line, "several_trainings", said)


def _lost(name: str, training: Training) -> Iterator[Problem]:
    lost = training.tables.nowhere
    if lost:
        said = f"metrics of {lost} validations stand below no line of an epoch; they are left out"
        yield Problem(name, None, "no_epoch_line", said)


def _unread(name: str, pieces: Pieces) -> Iterator[Problem]:
    if pieces.too_long:
        said = f"{len(pieces.too_long)} lines of more than {MAX_LENGTH:,} characters; they are left out"
        yield Problem(name, pieces.too_long[0], "long_line", said)
    if pieces.cut_at:
        said = f"more than {MAX_PIECES:,} lines; what stands below is not read"
        yield Problem(name, pieces.cut_at, "too_many_lines", said)


def _located(name: str, problems: Sequence[Problem]) -> list[Problem]:
    """Lines are those of what was printed: in a notebook's file they stand elsewhere."""
    if not name.endswith(notebook.SUFFIX):
        return list(problems)
    return [replace(problem, line=None) for problem in problems]


def framework(table: Table, arguments: Arguments) -> str:
    """Who printed the epochs: ultralytics, yolov5, yolov7 or unknown."""
    known = results_csv.framework(table, arguments)
    return results_txt.stated(arguments) if known == "yolov5" else known


FORMAT = Format("console", 80, find, read, framework, results_csv.task, source="console")
