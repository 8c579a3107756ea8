"""The formats of a report, one file each. A module of this package with a ``FORMAT`` is a format; nothing else has
to be touched."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Callable, Optional

from tensorboard_runlens.report.document import Report

Beside = Callable[[str, bytes], Optional[str]]
"""Puts a file (name, bytes) beside the report and says how the report links to it; None where it cannot have one."""


@dataclass(frozen=True)
class Format:
    """``name`` is also the file's suffix; ``render`` makes the whole file."""

    name: str
    mimetype: str
    render: Callable[[Report, Beside], bytes]


@cache
def all_formats() -> Mapping[str, Format]:
    """Every format in this package by its name."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    )
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def nothing_beside(name: str, content: bytes) -> Optional[str]:
    """For a report that is a single file: standard output, an answer over HTTP."""
    return None
