"""Folders that could not be read, as the JSON structs."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens import schema
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.naming import natural


def unreadable_of(unreadable: Sequence[Unreadable]) -> list[schema.Unreadable]:
    """Folders that could not be read, natural order."""
    return [
        schema.Unreadable(one.path, one.reason)
        for one in sorted(unreadable, key=lambda one: natural(one.path))
    ]
