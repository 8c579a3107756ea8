"""Which run continues which.

YOLOv7 and PartiNet resume into a new folder whose table begins with a copy of the old rows; YOLOv5
may go on with the next epoch in a new folder. Equal rows alone prove nothing where trainings are
deterministic: Ultralytics repeats itself to the last digit, but not the clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Optional

from tensorboard_runlens.relations.copies import Groups, results_of, rows_mark
from tensorboard_runlens.run import Run

LOST_ROWS = 2
"""A killed run may have written this many rows more than the checkpoint that was resumed knew of."""

TELLING_ROWS = 3
"""So many equal rows are a copy even where not all are equal."""

TEXT_TABLE = ".txt"
"""results.txt is written by programs that put the old rows into a new folder, and is never deterministic."""


def continued(
    runs: Mapping[str, Run], duplicates: Groups, sources: Mapping[str, str]
) -> dict[str, str]:
    """name -> the run that it continues."""
    found: dict[str, str] = {}
    for name, before in sources.items():
        (old, new) = (runs[before], runs[name])
        if before in duplicates.get(name, ()) or name in chain_before(before, found):
            continue
        if _resumed(old, new) or _picked_up(old, new):
            found[name] = before
    first_rows: dict[bytes, list[str]] = defaultdict(list)
    for name, run in runs.items():
        first = rows_mark(run.history, 1) if _tells_copies(run) else None
        if first is not None:
            first_rows[first].append(name)
    for names in first_rows.values():
        for name in names:
            longest = None if name in found else _longest_before(name, names, runs, duplicates)
            if longest:
                found[name] = longest
    return found


def chain_before(name: str, continues: Mapping[str, str]) -> tuple[str, ...]:
    """The run itself and those that it continues, the last one first."""
    found = [name]
    while continues.get(found[-1], name) not in found:
        found.append(continues[found[-1]])
    return tuple(found)


def chain_after(name: str, continues: Mapping[str, str]) -> tuple[str, ...]:
    """The runs that continue this one, directly or through others; the last one is the chain's end."""
    (found, latest) = ([], [name])
    while latest:
        latest = [
            after
            for (after, before) in continues.items()
            if before in latest and after not in found
        ]
        found += latest
    return tuple(found)


def _longest_before(
    name: str,
    names: Sequence[str],
    runs: Mapping[str, Run],
    duplicates: Groups,
) -> Optional[str]:
    """Of runs that begin alike, the longest one whose rows this one repeats and goes on from."""
    rows = len(runs[name].history)
    copies = frozenset(duplicates.get(name, ()))
    fitting = [
        other
        for other in names
        if len(runs[other].history) < rows
        and other not in copies
        and _repeats(runs[other], runs[name])
    ]
    return max(fitting, key=lambda other: len(runs[other].history), default=None)


def _tells_copies(run: Run) -> bool:
    """Whether equal rows are copied rows: the clock stands among them, or a program that copies wrote them."""
    return run.history.seconds is not None or any(
        name.endswith(TEXT_TABLE) for name in results_of(run)
    )


def _resumed(before: Run, after: Run) -> bool:
    """Whether a run whose arguments name the other's checkpoint begins with its rows, if with nothing else."""
    return _tells_copies(after) and _repeats(before, after)


def _repeats(before: Run, after: Run) -> bool:
    """Whether ``after`` begins with the rows of ``before``; its very last ones may be lost."""
    (short, long) = (len(before.history), len(after.history))
    if not short or short > long + LOST_ROWS or before.framework != after.framework:
        return False
    fewest = max(short - LOST_ROWS, TELLING_ROWS) if before.axis == "epoch" else short
    kept = [count for count in (short, *range(short - 1, fewest - 1, -1)) if count <= long]
    return any(rows_mark(before.history, n) == rows_mark(after.history, n) for n in kept)


def _picked_up(before: Run, after: Run) -> bool:
    """Whether a run whose arguments name the other's checkpoint begins at the epoch where that one ends."""
    if not len(before.history) or not len(after.history) or after.history.epoch[0] < 2:
        return False
    epochs = before.history.epoch
    return bool(epochs[0] < after.history.epoch[0] <= epochs[-1] + 1)
