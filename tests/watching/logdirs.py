"""Trainings that go on while somebody watches: their newest file is of now, their arguments are an hour old."""

from __future__ import annotations

import time
from pathlib import Path

from tensorboard_runlens.analysis import SEVERITIES
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.watching.memory import Memory
from tensorboard_runlens.watching.watch import Watch
from tests.rules.trainings import Training, first, set_time, write

HOUR = 3600.0


def running(training: Training, folder: Path, rows: int) -> Path:
    """A training after so many of its epochs, still going on."""
    planned = {"epochs": len(training), **training.args}
    write(first(training, rows).changed(args=planned), folder)
    set_time(folder, time.time() - HOUR)
    set_time(folder / "results.csv", time.time())
    return folder


def silent(folder: Path, seconds: float = HOUR) -> None:
    """Nothing has been written for so long."""
    set_time(folder, time.time() - 2 * seconds)
    set_time(folder / "results.csv", time.time() - seconds)


class Watched:
    """A watch of a logdir with a memory; each look gives what it tells."""

    def __init__(self, logdir: Path, level: str = SEVERITIES[1]) -> None:
        self.memory = Memory()
        self.watch = Watch(str(logdir), level, self.memory)

    def look(self) -> list[WatchEvent]:
        """What is new now."""
        return self.watch.new(self.watch.look(), time.time())

    def told(self) -> list[tuple[str, str]]:
        """The same as (event, rule)."""
        return [(one.event, one.rule) for one in self.look()]
