"""From the steps of somebody's event files to epochs, and which of them are none.

SummaryWriter takes any number as a step: the epoch, or a count of batches. Steps are epochs where a
tag called epoch says so, or where they follow one another without gaps and validation does not end
long before training does. What stands on other steps is left out and said: a batch is no epoch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tensorboard_runlens.formats import home_made
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.home_made import Names
from tensorboard_runlens.formats.lightning import by_epoch, together, training_rows
from tensorboard_runlens.formats.table import Table, quoted
from tensorboard_runlens.run import Integers
from tensorboard_runlens.words import first_of

MAX_INTERVAL = 20
"""Epochs between two validations; where there are more steps, they are batches."""

MAX_EPOCHS = 10_000
"""Steps of a training without validation that may be epochs; the longest real table has 5,000."""

MAX_SURPLUS = 2
"""Training that goes on for this many times as many steps as validation counts something else."""

MAX_NAMED = 3
"""Tags that are named when they are left out."""

Row = dict[str, float]
ByStep = Mapping[int, Mapping[str, Sequence[float]]]


def rows(table: Table, tags: Iterable[str], files: Sequence[ByStep]) -> list[Row]:
    """A row for each epoch, under names that ``columns.place`` knows; no row where no step is an epoch."""
    if any(known.kind == "epoch" for tag in tags if (known := home_made.word(tag))):
        files = _without_test(files)
        tags = dict.fromkeys(
            tag for by_step in files for found in by_step.values() for tag in found
        )
    names = home_made.understood(tags)
    home_made.say(table, names)
    named = [_named(names, by_step) for by_step in files]
    if "epoch" in names.meaning.values():
        return [row for (_, row) in by_epoch([_filled(names, steps) for steps in named])]
    on_epochs = _on_epochs(named)
    _say_left_out(table, names, on_epochs)
    return [
        {"epoch": float(step), **{name: row[name] for name in row if name in on_epochs}}
        for steps in named
        for (step, row) in steps.items()
        if not on_epochs.isdisjoint(row)
    ]


def _without_test(files: Sequence[ByStep]) -> list[ByStep]:
    """The files without the test after training, which runs that log their epoch give one of its own."""
    rows = [(file, step) for (file, by_step) in enumerate(files) for step in sorted(by_step)]
    count = training_rows([list(files[file][step]) for (file, step) in rows])
    kept = set(rows[:count])
    return [
        {step: found for (step, found) in by_step.items() if (file, step) in kept}
        for (file, by_step) in enumerate(files)
    ]


def _named(names: Names, by_step: ByStep) -> dict[int, Row]:
    """step -> values, in order of step: of several at one step the mean of training, else the last."""
    found: dict[int, Row] = {}
    for step in sorted(by_step):
        row = {
            name: together(name, by_step[step][tag])
            for (tag, name) in names.meaning.items()
            if tag in by_step[step]
        }
        if row:
            found[step] = row
    return found


def _filled(names: Names, steps: Mapping[int, Row]) -> list[Row]:
    """The rows with NaN for what was not logged at a step, for runs that log their epoch."""
    everything = dict.fromkeys(names.meaning.values(), math.nan)
    return [{**everything, **row} for row in steps.values()]


def _on_epochs(files: Sequence[Mapping[int, Row]]) -> set[str]:
    """The names whose steps are epochs."""
    steps = _steps(files)
    validation = {name for name in steps if place(name).kind in ("val", "metric")}
    dense = {name for name in steps if _distance(steps[name]) <= 1}
    if not dense & validation:
        return _with_rare_validation(steps, dense, validation)
    validated = max(int(steps[name][-1]) for name in dense & validation) + 1
    dense = {
        name
        for name in dense
        if steps[name][-1] < MAX_SURPLUS * (validated + 1) or name in validation
    }
    return _with_others_among(steps, dense)


def _with_rare_validation(
    steps: Mapping[str, Integers], dense: set[str], validation: set[str]
) -> set[str]:
    """Training logged at every step, validation now and then or never: epochs, unless there are too many."""
    limit = MAX_INTERVAL if validation else math.inf
    rare = any(_distance(steps[name]) > limit for name in validation)
    if not dense or rare or max(len(steps[name]) for name in dense) > MAX_EPOCHS:
        return set()
    return _with_others_among(steps, dense)


def _with_others_among(steps: Mapping[str, Integers], dense: set[str]) -> set[str]:
    """These names and those that stand on steps between theirs."""
    first = min(int(steps[name][0]) for name in dense)
    last = max(int(steps[name][-1]) for name in dense) + 1
    return {
        name
        for name in steps
        if name in dense
        or (_distance(steps[name]) > 1 and first <= steps[name][0] and steps[name][-1] <= last)
    }


def _steps(files: Sequence[Mapping[int, Row]]) -> dict[str, Integers]:
    """name -> the distinct steps at which it stands, rising."""
    found: dict[str, set[int]] = {}
    for file in files:
        for step, row in file.items():
            for name in row:
                found.setdefault(name, set()).add(step)
    return {name: np.array(sorted(steps), np.int64) for (name, steps) in found.items()}


def _distance(steps: Integers) -> float:
    """The usual distance of steps; of a single one that from the beginning."""
    return float(np.median(np.diff(steps))) if len(steps) > 1 else float(steps[0])


def _say_left_out(table: Table, names: Names, on_epochs: set[str]) -> None:
    left = [tag for (tag, name) in names.meaning.items() if name not in on_epochs]
    if not left:
        return
    tags = first_of([quoted(tag) for tag in left], MAX_NAMED)
    said = (
        f"{tags}: logged at steps that are not epochs, and no tag called epoch tells to which"
        " epoch they belong; left out"
    )
    table.say(None, "steps_are_no_epochs", said)
