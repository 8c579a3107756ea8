"""The ways a run lies on disk, a file each: recognise it, read it.

A module of this package with a ``FORMAT`` is a format; nothing else has to be touched to add one.
Formats are asked in order of ``rank``; the first that recognises a file reads it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Callable

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import Table

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """One way a result table lies on disk.

    ``recognise(folder, name)`` says from name and first bytes whether the file is such a table.
    ``read(folder, name)`` reads it and never raises for its contents: what is wrong is in the
    table's problems. ``framework`` tells who wrote it, given the training arguments beside it;
    ``task`` what it was trained for, "unknown" where nothing tells.
    """

    name: str
    rank: int
    recognise: Callable[[Folder, str], bool]
    read: Callable[[Folder, str], tuple[Table, Reading]]
    framework: Callable[[Table, Arguments], str]
    task: Callable[[Table, Arguments], str]


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format in this package, the first to be asked first."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    )
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda one: one.rank))
