"""Where runlens.yaml lies: the file of a logdir, or the nearest one above a run."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from functools import lru_cache

from tensorboard_runlens.plain import marked_yaml, plain_yaml
from tensorboard_runlens.settings.document import understood
from tensorboard_runlens.settings.model import FILE_NAME, Settings, note

MAX_BYTES = 2**20
"""Cap of runlens.yaml; one with notes on a thousand runs has 100 kB."""

MISNAMED = "runlens.yml"
"""The name with the ending that YAML files have as often."""

NOT_UTF8 = "\ufffd"
"""Stands for what could not be decoded."""

SECOND_COLON = "mapping values are not allowed"
"""How PyYAML's words begin for a colon where none may be."""

ON_COLONS = (
    "; is it indented otherwise than its neighbours, or is a text with a colon not in quotes?"
)

MAX_LEVELS_UP = 6
"""Folders from a run up to its logdir: project/runs/segment/exp is four."""


def load(logdir: str) -> Settings:
    """The settings of a logdir; defaults where there is no file. Never raises: what is wrong becomes a note."""
    path = os.path.join(logdir, FILE_NAME)
    try:
        facts = os.lstat(path)
    except OSError:
        return Settings(notes=_misnamed(logdir))
    if not stat.S_ISREG(facts.st_mode):
        return Settings(notes=[f"{FILE_NAME} is no plain file and was not read"])
    if facts.st_size > MAX_BYTES:
        return Settings(notes=[f"{FILE_NAME} is larger than {MAX_BYTES:,} bytes and was not read"])
    return _read(path, facts.st_mtime_ns, facts.st_size)


def _misnamed(logdir: str) -> list[str]:
    """A note on the other usual ending, of which nobody would notice that it is not read."""
    found = os.path.lexists(os.path.join(logdir, MISNAMED))
    return [f"{MISNAMED} was not read: its name must be {FILE_NAME}"] if found else []


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
            text = file.read(size).decode("utf-8", errors="replace")
    except OSError as error:
        return Settings(notes=[f"{FILE_NAME} cannot be read: {error.strerror}"])
    try:
        document = marked_yaml.load(text)
    except plain_yaml.Damaged as error:
        what = f"damaged, the file is not used: {error}{_hint(text, error)}"
        return Settings(notes=[*_encoding(text), note(error.line, (), what)])
    settings = understood(document, os.path.dirname(path))
    return replace(settings, notes=[*_encoding(text), *settings.notes])


def _encoding(text: str) -> list[str]:
    """A note on letters that are not UTF-8: a name with such a one fits nothing."""
    before = text.partition(NOT_UTF8)[0]
    if before == text:
        return []
    what = "holds letters that are not UTF-8; save the file as UTF-8"
    return [note(before.count("\n") + 1, (), what)]


def _hint(text: str, error: plain_yaml.Damaged) -> str:
    """What YAML's own words do not say: nobody sees a tab, or expects a colon to matter."""
    lines = text.splitlines()
    wrong = lines[error.line - 1] if error.line is not None and error.line <= len(lines) else ""
    if "\t" in wrong:
        return "; indent by blanks, not by tabs"
    return ON_COLONS if str(error).startswith(SECOND_COLON) else ""
