"""The ways a run lies on disk, a file each: find it, read it.

A module of this package with a ``FORMAT`` is a format; nothing else has to be touched to add one.
Formats are asked in order of ``rank``; the first that claims a file reads it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Callable

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import Table

Arguments = Mapping[str, Any]


SOURCES = ("table", "recording", "events", "console")
"""The better first: a table and a recording have every digit and every epoch, a console's output neither."""


@dataclass(frozen=True)
class Format:
    """One way the results of a run lie on disk.

    ``find(folder)`` names the result tables of this kind in a folder, from names and first bytes: a
    file, or what stands for several that belong together. ``read(folder, name)`` reads one and never
    raises for its contents: what is wrong is in the table's problems. ``framework`` tells who wrote
    it, given the training arguments beside it; ``task`` what it was trained for, "unknown" where
    nothing tells. ``axis`` is what its rows count, epoch or iteration. ``source`` is one of SOURCES.
    ``files`` are the files, relative to the folder, that a table consists of.
    """

    name: str
    rank: int
    find: Callable[[Folder], Sequence[str]]
    read: Callable[[Folder, str], tuple[Table, Reading]]
    framework: Callable[[Table, Arguments], str]
    task: Callable[[Table, Arguments], str]
    axis: str = "epoch"
    source: str = "table"
    files: Callable[[Folder, str], Sequence[str]] = lambda folder, name: (name,)


def every_file(recognise: Callable[[Folder, str], bool]) -> Callable[[Folder], list[str]]:
    """A ``find`` that looks at one file at a time."""
    return lambda folder: [name for name in folder.files if recognise(folder, name)]


def tables_in(folder: Folder) -> Iterator[tuple[str, Format]]:
    """Every result table of a folder with the first format that claims it."""
    claimed: set[str] = set()
    for form in all_formats():
        for name in form.find(folder):
            if name not in claimed:
                claimed.add(name)
                yield (name, form)


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format in this package, the first to be asked first."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    )
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda one: one.rank))
