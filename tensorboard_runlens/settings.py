"""runlens.yaml: what a user wants judged otherwise, kept in the logdir.

rules:
  overfitting: {excess_min: .05}
  best-not-last: off
datasets:
  toe_drain: data/toe_drain/data.yaml   # a path that the user wrote: reading it is allowed
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from tensorboard_runlens.plain import plain_yaml

FILE_NAME = "runlens.yaml"
MAX_BYTES = 2**20
"""Cap of runlens.yaml; one with notes on a thousand runs has 100 kB."""


MAX_LEVELS_UP = 6
"""Folders from a run up to its logdir: project/runs/segment/exp is four."""


@dataclass(frozen=True)
class Settings:
    """Limits by rule id and name, rules that are switched off, data sets by name, and notes for the user on
    what was not understood. ``datasets`` are paths of DATA.yaml files; ``folder`` is where runlens.yaml lies.
    """

    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    datasets: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    notes: list[str] = field(default_factory=list)


def load(logdir: str) -> Settings:
    """The settings of a logdir; defaults where there is no file. Never raises: what is wrong becomes a note."""
    path = os.path.join(logdir, FILE_NAME)
    try:
        facts = os.lstat(path)
    except OSError:
        return Settings()
    if not stat.S_ISREG(facts.st_mode):
        return Settings(notes=[f"{FILE_NAME} is no plain file and was not read"])
    if facts.st_size > MAX_BYTES:
        return Settings(notes=[f"{FILE_NAME} is larger than {MAX_BYTES:,} bytes and was not read"])
    return _read(path, facts.st_mtime_ns, facts.st_size)


def nearest(folder: str) -> Settings:
    """The settings that hold for a run: those of the nearest folder from it upwards that has a runlens.yaml.

    One inside the run's own folder may have come with the run from a stranger: paths in it are not opened.
    """
    own = os.path.abspath(folder)
    above = own
    for _ in range(MAX_LEVELS_UP):
        if os.path.isfile(os.path.join(above, FILE_NAME)):
            found = load(above)
            return found if above != own else replace(found, datasets={})
        above = os.path.dirname(above)
    return Settings()


@lru_cache(maxsize=8)
def _read(path: str, mtime_ns: int, size: int) -> Settings:
    """The settings in a file; kept as long as its time and size stay."""
    try:
        with open(path, "rb") as file:
            document = plain_yaml.load(file.read(size).decode("utf-8", errors="replace"))
    except OSError as error:
        return Settings(notes=[f"{FILE_NAME} cannot be read: {error.strerror}"])
    except plain_yaml.Damaged as error:
        return Settings(notes=[f"{FILE_NAME} is damaged and was not used: {error}"])
    return _understood(document, os.path.dirname(path))


def _understood(document: Any, folder: str) -> Settings:
    if document is None:
        return Settings(folder=folder)
    if not isinstance(document, dict):
        return Settings(
            notes=[f"{FILE_NAME}: names with their settings are expected; it was not used"]
        )
    notes: list[str] = []
    (limits, off) = _rules(document.get("rules"), notes)
    datasets = _datasets(document.get("datasets"), folder, notes)
    return Settings(limits, frozenset(off), datasets, folder, notes)


def _rules(wanted: Any, notes: list[str]) -> tuple[dict[str, dict[str, float]], list[str]]:
    if wanted is None:
        return ({}, [])
    if not isinstance(wanted, dict):
        notes.append(f"{FILE_NAME}: rules must be a list of rule names with their limits; not used")
        return ({}, [])
    limits: dict[str, dict[str, float]] = {}
    off: list[str] = []
    for rule, value in wanted.items():
        if value is False:  # YAML reads the word off as false
            off.append(str(rule))
        elif isinstance(value, dict) and all(_is_number(limit) for limit in value.values()):
            limits[str(rule)] = {str(name): float(limit) for (name, limit) in value.items()}
        else:
            notes.append(f"{FILE_NAME}: {rule}: expected off or names with numbers; ignored")
    return (limits, off)


def _datasets(wanted: Any, folder: str, notes: list[str]) -> dict[str, str]:
    """name -> path of its DATA.yaml; relative ones count from the folder of runlens.yaml."""
    if wanted is None:
        return {}
    if not isinstance(wanted, dict) or not all(isinstance(path, str) for path in wanted.values()):
        notes.append(
            f"{FILE_NAME}: datasets must be a list of names with the path of a DATA.yaml; not used"
        )
        return {}
    return {
        str(name): os.path.join(folder, os.path.expanduser(path)) for (name, path) in wanted.items()
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
