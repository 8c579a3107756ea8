"""A plan of what to delete: snapshots, each with what it was when it was listed, and those that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tensorboard_runlens.folder import Entry
from tensorboard_runlens.housekeeping.identity import Identity


@dataclass(frozen=True)
class Snapshot:
    """A checkpoint that can go, by its path relative to the run."""

    path: str
    identity: Identity

    @property
    def bytes(self) -> int:
        """What deleting it frees."""
        return self.identity.bytes


@dataclass(frozen=True)
class RunPlan:
    """What can go of a run, by its name and ``folder``. ``beside`` are its other files by path relative to it, which
    show whether it is still at rest when its snapshots are deleted."""

    run: str
    folder: str
    files: tuple[Snapshot, ...]
    beside: Mapping[str, Entry]


@dataclass(frozen=True)
class Kept:
    """Snapshots of a run that stay, as paths relative to it, and why."""

    run: str
    files: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Plan:
    """Runs with something to delete, in the order in which they were asked about, and what stays."""

    runs: tuple[RunPlan, ...]
    kept: tuple[Kept, ...]

    @property
    def files(self) -> int:
        """How many snapshots can go."""
        return sum(len(run.files) for run in self.runs)

    @property
    def bytes(self) -> int:
        """What deleting all of them frees."""
        return sum(file.bytes for run in self.runs for file in run.files)
