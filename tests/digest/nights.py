"""A logdir in the morning: trainings with the times that their files would have, and the digest of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.digest import digest_answer
from tensorboard_runlens.schema.digest import DigestAnswer
from tensorboard_runlens.settings import load
from tensorboard_runlens.surroundings import Surroundings
from tests.builders import set_times, write, write_args
from tests.comparison.runs import rising, write_run

HOUR = 3600.0
NOW = 1_800_000_000.0
"""08:00 on 2027-01-15 in UTC."""

EVENING = NOW - 12 * HOUR

PRINTED = """\
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cu121 CUDA:0 (NVIDIA RTX A6000, 48685MiB)
engine/trainer: task=detect, mode=train, model=yolo11s.pt, data=data.yaml, imgsz=640, workers=8
Starting training for 60 epochs...
"""
OUT_OF_MEMORY = f"""{PRINTED}Traceback (most recent call last):
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.20 GiB
"""
KILLED = f"{PRINTED}Killed\n"


def training(
    folder: Path,
    ended: float,
    done: int = 60,
    planned: Optional[int] = None,
    per_epoch: float = 60.0,
    weights: Sequence[str] = (),
    log: Optional[str] = None,
    metric: Optional[Sequence[float]] = None,
    **args: Any,
) -> Path:
    """A run of so many epochs whose last row was written at ``ended``; its first file is as old as it trained long."""
    values = rising(done) if metric is None else metric
    clock = [per_epoch * number for number in range(1, len(values) + 1)]
    write_run(folder, values, {"time": clock}, **{"epochs": planned or len(values), **args})
    if log is not None:
        write(folder / "train.log", log)
    set_times(folder, ended, per_epoch * len(values))
    for name in weights:
        write(folder / "weights" / name, b"")
    return folder


def begun(folder: Path, last: float, spread: float = 30.0, log: Optional[str] = None) -> Path:
    """A training that has not ended its first epoch."""
    write_args(folder, task="detect", mode="train", epochs=50)
    write(folder / "train_batch0.jpg", b"")
    if log is not None:
        write(folder / "train.log", log)
    set_times(folder, last, spread)
    return folder


def copied(folder: Path, moment: float) -> Path:
    """All files of the run dated at one moment, as a copy's or a checkout's are."""
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))
    return folder


def judged(logdir: Path, now: float = NOW) -> list[Analysis]:
    """Every run as it stands at ``now``."""
    settings = load(str(logdir))
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    return [
        analyse(
            run,
            settings,
            now,
            surroundings=Surroundings(
                catalog.related(name),
                note=settings.run_notes.get(name),
                tags=settings.run_tags.get(name, ()),
            ),
        )
        for (name, run) in catalog.runs.items()
    ]


def digest(logdir: Path, since: float = EVENING, now: float = NOW) -> DigestAnswer:
    """Of all runs there."""
    return digest_answer(judged(logdir, now), load(str(logdir)), logdir.name, since, now)


def names(runs: Sequence[Any]) -> list[str]:
    """Of the entries of a section, in their order."""
    return [one.run for one in runs]
