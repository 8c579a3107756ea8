"""Runs with checkpoints of their epochs, and everything below a folder as it lies there."""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tensorboard_runlens.command_line.judged import scanned
from tensorboard_runlens.housekeeping import Plan, plan

from ..builders import write, write_detect

DAY = 24 * 3600.0
EPOCHS = 6
SNAPSHOTS = ("epoch0.pt", "epoch2.pt", "epoch4.pt")


def checkpoint(content: str = "weights") -> bytes:
    """A zip as torch.save writes one, of some kilobytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("archive/data.pkl", content * 500)
    return into.getvalue()


def write_run(
    folder: Path, snapshots: Sequence[str] = SNAPSHOTS, epochs: int = EPOCHS, **arguments: Any
) -> Path:
    """A training of 6 epochs with best.pt, last.pt and snapshots, a month old; finished unless more were asked for."""
    stated = {"task": "detect", "mode": "train", "epochs": epochs, **arguments}
    write_detect(folder, range(1, EPOCHS + 1), **stated)
    for name in ("best.pt", "last.pt", *snapshots):
        write(folder / "weights" / name, checkpoint(name))
    return aged(folder, 30 * DAY)


def aged(folder: Path, seconds: float) -> Path:
    """The folder with all files written so long ago, over an hour."""
    moment = time.time() - seconds
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            early = path.name.startswith("args")
            os.utime(path, (moment - 3600 * early,) * 2)
    return folder


def planned(logdir: Path) -> Plan:
    return plan(scanned(str(logdir)).analyses)


def listed(plan: Plan) -> dict[str, list[str]]:
    """run -> paths of what can go."""
    return {run.run: [file.path for file in run.files] for run in plan.runs}


def why_kept(plan: Plan) -> dict[str, dict[str, list[str]]]:
    """run -> why -> paths of what stays."""
    found: dict[str, dict[str, list[str]]] = {}
    for kept in plan.kept:
        found.setdefault(kept.run, {})[kept.why] = list(kept.files)
    return found


Facts = tuple[Any, ...]


def lying_below(folder: Path) -> dict[str, Facts]:
    """path -> what lies there: kind, number, permissions, time of change, content or target; nothing is followed."""
    return {str(path.relative_to(folder)): _facts(path) for path in sorted(_all(folder))}


def _all(folder: Path) -> Iterator[Path]:
    for above, folders, files in os.walk(folder):
        yield from (Path(above) / name for name in (*folders, *files))


def _facts(path: Path) -> Facts:
    facts = path.lstat()
    content: Any = None
    if stat.S_ISREG(facts.st_mode):
        content = path.read_bytes()
    elif stat.S_ISLNK(facts.st_mode):
        content = os.readlink(path)
    links = facts.st_nlink if stat.S_ISREG(facts.st_mode) else None
    changed = None if stat.S_ISDIR(facts.st_mode) else facts.st_mtime_ns
    return (facts.st_mode, facts.st_ino, links, changed, content)
