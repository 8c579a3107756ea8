"""The runs of a logdir, and what has changed since the last look."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tensorboard_runlens.belonging import WEIGHTS_FOLDER, evaluations, files_of_parts
from tensorboard_runlens.discovery import Unreadable, walk
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.naming import natural
from tensorboard_runlens.reading import read_folder
from tensorboard_runlens.relations import UNRELATED, Relations, relate
from tensorboard_runlens.run import Run

MAX_BESIDE = 200
"""Folders beside a single run that are looked through for its relatives."""


logger = logging.getLogger(__name__)


class NotARun(Exception):
    """A folder in which no training run can be read; the message says why, in a sentence for the user."""


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


def _related(runs: Mapping[str, Run]) -> Mapping[str, Relations]:
    """The relations of runs; nothing where that fails, since a bug of ours must not cost the runs."""
    try:
        return relate(runs)
    except Exception:
        logger.exception("RunLens could not relate the runs to each other")
        return {}


def relations_of(run: Run) -> Relations:
    """How a run belongs to those in the folders beside its own: resumed runs and copies lie there."""
    own = os.path.abspath(run.path)
    above = os.path.dirname(own)
    runs: dict[str, Run] = {}
    for name in _beside(above, os.path.basename(own)):
        try:
            (found, _) = read_folder(Folder(os.path.join(above, name)))
        except OSError:
            continue  # what cannot be listed is no relative that could be named
        runs.update({one.name: one for one in found})
    runs[run.name] = run
    return _related(runs).get(run.name, UNRELATED)


def _beside(above: str, own: str) -> list[str]:
    """The names of folders beside a run's, the nearest in natural order where there are many."""
    try:
        names = sorted(Folder(above).folders, key=natural)
    except OSError:
        return []
    at = names.index(own) if own in names else 0
    start = max(0, min(at - MAX_BESIDE // 2, len(names) - MAX_BESIDE))
    return names[start : start + MAX_BESIDE]


def _list(path: str) -> Folder:
    try:
        return Folder(path)
    except OSError as error:
        raise NotARun(
            f"the folder cannot be listed: {error.strerror or type(error).__name__}"
        ) from error


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
        self.relations: Mapping[str, Relations] = {}
        self.complete = False
        self._known: dict[str, _Known] = {}

    def refresh(self) -> None:
        """Looks at every folder again and reads what is new or changed."""
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
        self.relations = _related(runs)
        (self.runs, self.unreadable, self._known) = (runs, unreadable, known)
        self.complete = True

    def related(self, name: str) -> Relations:
        """How a run belongs to others; nothing is known before the first scan is complete."""
        return self.relations.get(name, UNRELATED)

    def _look(self, name: str, folder: Folder) -> _Known:
        files = {**folder.files, **files_of_parts(folder), **evaluations(folder)}
        signature = (
            *((file, entry.size, entry.mtime) for (file, entry) in sorted(files.items())),
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
