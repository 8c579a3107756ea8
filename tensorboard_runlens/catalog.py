"""From a logdir to its runs: which folders are runs, and what has changed since the last look.

The walk is breadth first and keeps out of what cannot hold runs: virtual environments, dot-folders,
image and label trees, checkpoints. Links to folders are followed last, so that a run which is also linked has the name
of its own place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Callable, Optional

from tensorboard_runlens.folder import MAX_ENTRIES, Folder, times
from tensorboard_runlens.formats import Format, all_formats
from tensorboard_runlens.formats.arguments import ARGUMENT_FILES, read_arguments
from tensorboard_runlens.formats.event_files import is_event_file
from tensorboard_runlens.formats.results_csv import stated_task
from tensorboard_runlens.formats.roles import WEIGHTS_FOLDER, files_by_role
from tensorboard_runlens.formats.versions import version_of
from tensorboard_runlens.naming import natural, shown
from tensorboard_runlens.run import Files, Problem, Run, empty_history
from tensorboard_runlens.run import Logged as LoggedRows

MAX_FOLDERS = 50_000
"""Folders looked at in one logdir; a lab's ten thousand runs have three each."""

MAX_DEPTH = 12
"""Levels below the logdir; runs/segment/project/exp is four."""

NEVER_RUNS = (
    "runlens",
    "weights",
    "images",
    "labels",
    "site-packages",
    "node_modules",
    "__pycache__",
    "wandb",
    "mlruns",
)
"""Folders that are not entered: RunLens' own records, checkpoints, data sets, installed packages, other trackers."""

ENVIRONMENT_MARK = "pyvenv.cfg"
"""A folder that holds this file is a virtual environment, whatever its name."""

STANDARD_TABLES = ("results.csv", "results.txt")
"""The tables that are the run of their folder; every other one beside is a run of its own."""


class NotARun(Exception):
    """A folder in which no training run can be read; the message says why, in a sentence for the user."""


@dataclass(frozen=True)
class Unreadable:
    """A folder that looks like a run and cannot be read, relative to the logdir."""

    path: str
    reason: str


def open_run(path: str) -> Run:
    """The run in a folder, or the one of a single result table when ``path`` is a file.

    Raises FileNotFoundError when there is nothing at ``path``, NotARun when it is no run; nothing
    else.
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        raise FileNotFoundError(f"no such folder: {path}")
    is_folder = os.path.isdir(path)
    folder = _list(path if is_folder else os.path.dirname(os.path.abspath(path)))
    (runs, reasons) = read_folder(folder)
    wanted = [
        run
        for run in runs
        if is_folder or os.path.basename(path) in run.files.by_role.get("results", ())
    ]
    if not wanted:
        raise NotARun(
            "; ".join(reasons)
            or "no result table, arguments or event file of a training in this folder"
        )
    return wanted[0]


def _list(path: str) -> Folder:
    try:
        return Folder(path)
    except OSError as error:
        raise NotARun(
            f"the folder cannot be listed: {error.strerror or type(error).__name__}"
        ) from error


def read_folder(folder: Folder) -> tuple[list[Run], list[str]]:
    """(runs in this folder, reasons why what looks like one could not be read)."""
    tables = _tables(folder)
    own = _own_table(tables)
    runs: list[Run] = []
    reasons: list[str] = []
    if own or (not tables and _has_arguments(folder)):
        run = _read_own(folder, own, tables)
        if len(run.history) or "epochs" in run.arguments or _is_headed(run):
            runs.append(run)
        else:
            reasons.append(_reason(run))
    for table in tables:
        if table == own or is_event_file(table[0]):
            continue
        run = _read_run(folder, table, f"{folder.name}@{table[0]}")
        if len(run.history):
            runs.append(run)
        else:
            reasons.append(f"{table[0]}: {_reason(run)}")
    return (runs, reasons)


def _tables(folder: Folder) -> list[tuple[str, Format]]:
    """Every result table of the folder with the format that recognises it, standard names first, event files last."""
    found: list[tuple[str, Format]] = []
    for name in sorted(folder.files, key=natural):
        form = next((form for form in all_formats() if form.recognise(folder, name)), None)
        if form:
            found.append((name, form))
    return sorted(found, key=lambda one: (is_event_file(one[0]), one[0] not in STANDARD_TABLES))


def _own_table(tables: Sequence[tuple[str, Format]]) -> Optional[tuple[str, Format]]:
    """The table that is the folder's run: a standard name, or the only one there is."""
    if tables and (tables[0][0] in STANDARD_TABLES or is_event_file(tables[0][0])):
        return tables[0]
    written = [table for table in tables if not is_event_file(table[0])]
    return written[0] if len(written) == 1 else None


def _has_arguments(folder: Folder) -> bool:
    return any(name in folder.files for name in ARGUMENT_FILES[:2])


def _is_headed(run: Run) -> bool:
    """Whether a table without rows has at least a header: a run that has just begun."""
    return not run.problems and bool(run.files.by_role.get("results"))


def _reason(run: Run) -> str:
    return (
        "; ".join(problem.problem for problem in run.problems)
        or "no epoch logged, and no arguments of a training"
    )


def _read_own(
    folder: Folder, own: Optional[tuple[str, Format]], tables: Sequence[tuple[str, Format]]
) -> Run:
    """The folder's run; where its table holds no epoch, the event files are asked."""
    run = _read_run(folder, own, folder.name)
    events = next((table for table in tables if is_event_file(table[0])), None)
    if len(run.history) or events is None or events == own:
        return run
    second = _read_run(folder, events, folder.name)
    if not len(second.history):
        return run
    return replace(second, problems=(*run.problems, *second.problems))


def _read_run(folder: Folder, table: Optional[tuple[str, Format]], name: str) -> Run:
    (arguments, origin, problems) = read_arguments(folder)
    files = files_by_role(folder, None if table is None else table[0])
    (newest, oldest) = times(folder.files)
    run = Run(
        path=folder.path,
        name=name,
        framework="ultralytics" if "mode" in arguments and "task" in arguments else "unknown",
        task=stated_task(arguments) or "unknown",
        history=empty_history(),
        logged=LoggedRows(0, ()),
        arguments=arguments,
        argument_file=origin,
        files=Files(files, newest, oldest),
        problems=(*problems, *_empty_event_files(folder), *_left_out(folder)),
    )
    if table is None:
        return run
    (file, form) = table
    (read, reading) = form.read(folder, file)
    framework = form.framework(read, arguments)
    return replace(
        run,
        framework=framework,
        task=form.task(read, arguments),
        history=reading.history,
        logged=reading.logged,
        problems=(*read.problems, *run.problems),
        version=version_of(framework, read, arguments),
    )


def _empty_event_files(folder: Folder) -> Iterator[Problem]:
    for name, entry in folder.files.items():
        if is_event_file(name) and not entry.size:
            yield Problem(name, None, "empty", "0 bytes: TensorBoard shows nothing of this file")


def _left_out(folder: Folder) -> Iterator[Problem]:
    if folder.nameless:
        said = f"files with names that are not UTF-8: {folder.nameless}; they are left out"
        yield Problem(".", None, "unreadable_name", said)
    if folder.truncated:
        said = f"more than {MAX_ENTRIES:,} files: the rest of this folder was not looked at"
        yield Problem(".", None, "too_many_files", said)


@dataclass(frozen=True)
class Found:
    """A folder of the walk: its listing, and its name relative to the logdir (POSIX, "." for the logdir)."""

    folder: Folder
    name: str


def walk(logdir: str) -> Iterator[tuple[Optional[Found], Optional[Unreadable]]]:
    """Every folder below a logdir that may hold runs, breadth first, or why one could not be listed."""
    queue: list[tuple[str, str, int]] = [(logdir, ".", 0)]
    linked: list[tuple[str, str, int]] = []
    seen: set[tuple[int, int]] = set()
    looked = 0
    while (queue or linked) and looked < MAX_FOLDERS:
        (path, name, depth) = (queue or linked).pop(0)
        looked += 1
        try:
            facts = os.stat(path)
            if (facts.st_dev, facts.st_ino) in seen:
                continue
            seen.add((facts.st_dev, facts.st_ino))
            folder = Folder(path)
        except OSError as error:
            yield (
                None,
                Unreadable(
                    name, f"the folder cannot be listed: {error.strerror or type(error).__name__}"
                ),
            )
            continue
        if depth and ENVIRONMENT_MARK in folder.files:
            continue
        yield (Found(folder, name), None)
        if depth < MAX_DEPTH:
            for below in _entered(folder):
                later = linked if below in folder.linked_folders else queue
                later.append((os.path.join(path, below), _joined(name, below), depth + 1))
    if queue or linked:
        yield (
            None,
            Unreadable(
                ".", f"more than {MAX_FOLDERS:,} folders: the rest of this logdir was not looked at"
            ),
        )


def _entered(folder: Folder) -> list[str]:
    below = [*folder.folders, *folder.linked_folders]
    return sorted(
        (
            name
            for name in below
            if not name.startswith(".") and name not in NEVER_RUNS and not _is_copy(name)
        ),
        key=natural,
    )


def _is_copy(name: str) -> bool:
    return name.endswith(".ipynb_checkpoints")


def _joined(parent: str, name: str) -> str:
    return shown(name) if parent == "." else f"{parent}/{shown(name)}"


Signature = tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class _Known:
    signature: Signature
    runs: list[Run]
    reasons: list[str]


class Catalog:
    """The runs below one or more logdirs, read again only where files have changed.

    ``logdirs`` is (prefix, path): the prefix is put before run names ("" for a single logdir).
    """

    def __init__(self, logdirs: Sequence[tuple[str, str]]) -> None:
        self.logdirs = list(logdirs)
        self.runs: dict[str, Run] = {}
        self.unreadable: list[Unreadable] = []
        self.complete = False
        self._known: dict[str, _Known] = {}

    def refresh(self, progress: Optional[Callable[[], None]] = None) -> None:
        """Looks at every folder again and reads what is new or changed; ``progress`` is called after each folder."""
        runs: dict[str, Run] = {}
        unreadable: list[Unreadable] = []
        known: dict[str, _Known] = {}
        if not self.complete:
            (self.runs, self.unreadable) = (runs, unreadable)  # a first scan shows as it goes
        for prefix, logdir in self.logdirs:
            for found, failed in walk(logdir):
                if failed:
                    unreadable.append(Unreadable(_prefixed(prefix, failed.path), failed.reason))
                if found is None:
                    continue
                name = _prefixed(prefix, found.name)
                known[name] = self._look(name, found.folder)
                runs.update({run.name: run for run in known[name].runs})
                unreadable += [Unreadable(name, reason) for reason in known[name].reasons]
                if progress:
                    progress()
        (self.runs, self.unreadable, self._known) = (runs, unreadable, known)
        self.complete = True

    def _look(self, name: str, folder: Folder) -> _Known:
        signature = (
            *((file, entry.size, entry.mtime) for (file, entry) in sorted(folder.files.items())),
            (WEIGHTS_FOLDER, 0, folder.changed(WEIGHTS_FOLDER)),
        )
        before = self._known.get(name)
        if before and before.signature == signature:
            return before
        (runs, reasons) = read_folder(folder)
        runs = [replace(run, name=_run_name(name, run, folder)) for run in runs]
        if before:
            rows = {run.name: len(run.history) for run in before.runs}
            runs = [
                replace(run, growing=len(run.history) > rows.get(run.name, len(run.history)))
                for run in runs
            ]
        return _Known(signature, runs, reasons)


def _prefixed(prefix: str, name: str) -> str:
    if not prefix:
        return name
    return prefix if name == "." else f"{prefix}/{name}"


def _run_name(name: str, run: Run, folder: Folder) -> str:
    """The run's name in the catalog: its folder's, and the table's where the folder holds several."""
    extra = run.name[len(folder.name) :]
    return name + extra if name != "." or not extra else run.name
