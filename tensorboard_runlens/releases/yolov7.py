"""YOLOv7 has one release, 0.1; its arguments tell a clone of it or of what came after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.releases.evidence import Evidence
from tensorboard_runlens.run import Version

FIRST = "0.1"
MARKS = ("loss_ota", "v5_metric")
"""Arguments that no other framework has."""


def by_arguments(arguments: Mapping[str, Any]) -> Evidence:
    """The one release there is, where the arguments are YOLOv7's."""
    known = any(mark in arguments for mark in MARKS)
    return Evidence("argument names", ((FIRST, None),) if known else ())


def by_columns(table: Table, arguments: Mapping[str, Any]) -> Evidence:
    """Nothing: the columns never changed."""
    return Evidence("columns", ())


def legal(argument: str, version: Optional[Version]) -> Optional[bool]:
    """Unknown: states of one release cannot be told apart."""
    return None
