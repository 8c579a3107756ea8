"""Which data set a run was trained on, among those that the user pointed out in runlens.yaml.

The path in a run's arguments is somebody's word: it is compared with what the user wrote, and never
opened itself.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Optional

from tensorboard_runlens.dataset.cache import cached_dataset
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.dataset.facts import Dataset
from tensorboard_runlens.run import Run

UNTELLING = ("data.yaml", "config.yaml", "dataset.yaml")
"""File names that every second data set has: they tell nothing without their folder."""


def dataset_of(run: Run, name: str, datasets: Mapping[str, str]) -> Optional[str]:
    """The path of the run's DATA.yaml among ``datasets`` (name -> path); None where none fits, or several do.

    A data set fits whose name is the run's, or a pattern of it, or is said in the run's ``data`` argument;
    or whose path ends like that argument.
    """
    if name in datasets:
        return datasets[name]
    named = {path for (key, path) in datasets.items() if fnmatchcase(name, key)}
    parts = _parts(str(run.arguments.get("data") or ""))
    words = {*parts, *(os.path.splitext(part)[0] for part in parts)}
    said = {path for (key, path) in datasets.items() if key in words}
    alike = {path for path in datasets.values() if _ends_alike(parts, _parts(path))}
    return next((min(found) for found in (named, said, alike) if len(found) == 1), None)


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"[\\/]+", path) if part not in ("", ".", "..")]


def _ends_alike(said: list[str], known: list[str]) -> bool:
    """Whether two paths end in the same file of the same folder; a telling file name alone is enough."""
    if not said or not known or said[-1] != known[-1]:
        return False
    if said[-1] not in UNTELLING:
        return True
    return len(said) > 1 and said[-2:] == known[-2:]


class Shelf:
    """Data sets by path, read once; what cannot be read becomes a note."""

    def __init__(self) -> None:
        self._read: dict[str, Optional[Dataset]] = {}
        self._notes: dict[str, str] = {}
        self._reading: dict[str, threading.Thread] = {}

    @property
    def notes(self) -> list[str]:
        """Why data sets could not be read, a sentence each."""
        return list(self._notes.values())

    def get(self, path: str) -> Optional[Dataset]:
        """The data set at a path, read now if it has changed."""
        try:
            self._read[path] = cached_dataset(path)
            self._notes.pop(path, None)
        except FileNotFoundError:
            self._miss(path, "no such file")
        except NotADataset as error:
            self._miss(path, str(error))
        except Exception as error:  # a bug of ours must not cost the runs
            self._miss(path, f"RunLens failed: {type(error).__name__}")
        return self._read.get(path)

    def ready(self, path: str) -> Optional[Dataset]:
        """The data set as far as it is read; begins to read it in the background, and never waits."""
        thread = self._reading.get(path)
        if thread is None or not thread.is_alive():
            thread = threading.Thread(
                target=self.get, args=(path,), name="runlens-dataset", daemon=True
            )
            self._reading[path] = thread
            thread.start()
        return self._read.get(path)

    def wait(self, path: str, seconds: float) -> None:
        """Waits for a data set that is read for the first time, at most so long."""
        self.ready(path)
        if path not in self._read:
            self._reading[path].join(seconds)

    def counting(self, path: str) -> bool:
        """Whether a data set is read for the first time, and not done yet."""
        return path not in self._read

    def _miss(self, path: str, why: str) -> None:
        self._read[path] = None
        self._notes[path] = f"data set {os.path.basename(path)}: {why}"
