"""The JSON of ``runlens prune``: which checkpoints can go, which went, and which stay."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec


class PrunedFile(msgspec.Struct, frozen=True):
    """An epoch's checkpoint that can go, ``file`` relative to its run. ``deleted`` says whether it is gone by this
    call, ``reason`` why not although that was asked for."""

    run: str
    file: str
    bytes: int
    deleted: bool
    reason: Optional[str]


class KeptCheckpoints(msgspec.Struct, frozen=True):
    """Checkpoints of epochs that stay, ``files`` relative to the run, and why."""

    run: str
    files: list[str]
    reason: str


class PruneAnswer(msgspec.Struct, frozen=True):
    """``runlens prune --json``. ``bytes`` are those of all listed ``files``, ``freed`` of those that were deleted;
    ``notes`` are on runlens.yaml, whose tags keep checkpoints."""

    ok: Literal[True]
    schema: int
    dry_run: bool
    files: list[PrunedFile]
    bytes: int
    freed: int
    kept: list[KeptCheckpoints]
    notes: list[str]
