"""runlens.yaml: what a user wants judged otherwise, kept in the logdir.

rules:
  overfitting: {excess_min: .05}
  best-not-last: off
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tensorboard_runlens.formats import plain_yaml

FILE_NAME = "runlens.yaml"
MAX_BYTES = 2**20
"""Cap of runlens.yaml; one with notes on a thousand runs has 100 kB."""


@dataclass(frozen=True)
class Settings:
    """Limits by rule id and name, rules that are switched off, and notes for the user on what was not understood."""

    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
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
    return _understood(document)


def _understood(document: Any) -> Settings:
    if document is None:
        return Settings()
    if not isinstance(document, dict) or not isinstance(document.get("rules", {}), dict):
        return Settings(
            notes=[
                f"{FILE_NAME}: rules must be a list of rule names with their limits; it was not used"
            ]
        )
    limits: dict[str, dict[str, float]] = {}
    off: list[str] = []
    notes: list[str] = []
    for rule, wanted in document.get("rules", {}).items():
        if wanted is False:  # YAML reads the word off as false
            off.append(str(rule))
        elif isinstance(wanted, dict) and all(_is_number(value) for value in wanted.values()):
            limits[str(rule)] = {str(name): float(value) for (name, value) in wanted.items()}
        else:
            notes.append(f"{FILE_NAME}: {rule}: expected off or names with numbers; ignored")
    return Settings(limits, frozenset(off), notes)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
