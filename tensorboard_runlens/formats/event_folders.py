"""One run's event files in several folders: Keras' train/ and validation/, the lines of torch's add_scalars.

Keras' tags are the same on both sides (epoch_loss, epoch_accuracy), so the folder tells the side;
its batch_loss and evaluation_loss_vs_iterations stand on batches and are no epochs'. add_scalars
names a folder for the chart and the line, Loss_train, and calls the tag Loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tensorboard_runlens.belonging import EVENT_MARK, GROUP, event_parts
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import Format, event_files, home_made, results_csv
from tensorboard_runlens.formats.event_files import Steps
from tensorboard_runlens.formats.history import Reading
from tensorboard_runlens.formats.table import Table

TABLE = f"*/*{EVENT_MARK}*"
"""What the files of all folders are called together."""

COUNTED = re.compile(r"_[1-9]$")
"""Keras tells models of one program apart: the second one's metric is epoch_mean_io_u_1."""


def find(folder: Folder) -> list[str]:
    """One table for a folder whose event files lie in sub-folders."""
    return [TABLE] if event_parts(folder) else []


def files(folder: Folder, name: str) -> list[str]:
    """The event files of the run, its own first."""
    return [
        *event_files.event_files(folder),
        *(f"{part}/{file}" for (part, file) in _below(folder)),
    ]


def _below(folder: Folder) -> Iterator[tuple[str, str]]:
    for part in event_parts(folder):
        below = folder.below(part)
        for file in event_files.event_files(below) if below else ():
            yield (part, file)


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """All of them as one table, and its history."""
    table = Table(name, {}, [], 0)
    sources = [event_files.logged(folder, table, str)]
    for part in event_parts(folder):
        below = folder.below(part)
        if below:
            sources.append(_logged(below, part, table))
    return event_files.understood(table, _together(sources))


def _logged(below: Folder, part: str, table: Table) -> list[Steps]:
    side = (GROUP.search(f"_{part}") or [""])[0].strip("_").lower()
    return event_files.logged(below, table, lambda tag: _renamed(tag, side), f"{part}/")


def _renamed(tag: str, side: str) -> str:
    """The tag with the side that its folder tells, and without Keras' number of the model."""
    first = COUNTED.sub("", tag)
    known = home_made.is_known(tag) or not home_made.is_known(first)
    return event_files.of_side(tag if known else first, side)


def _together(sources: Sequence[Sequence[Steps]]) -> list[Steps]:
    """The files of all folders that were written at the same time as one, the last of each together."""
    written = [[steps for steps in source if steps.tags or steps.unknown] for source in sources]
    sessions = zip_longest(*(reversed(source) for source in written))
    return [_union([steps for steps in session if steps]) for session in sessions][::-1]


def _union(session: Sequence[Steps]) -> Steps:
    union = Steps()
    for steps in session:
        union.unknown.update(steps.unknown)
        union.tags.update(steps.tags)
        for step, values in steps.by_step.items():
            union.by_step.setdefault(step, {}).update(values)
    return union


FORMAT = Format(
    "event folders",
    85,
    find,
    read,
    event_files.framework,
    results_csv.task,
    source="events",
    files=files,
)
