"""What to do now: go on with what broke off, look closer at what is better, mend what finished, make room."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.digest.baseline import Baseline
from tensorboard_runlens.naming import shown
from tensorboard_runlens.rules.interrupted import RULE as INTERRUPTED
from tensorboard_runlens.schema.digest import Died, Disk, Finished, Improved, NextCommand
from tensorboard_runlens.todo import steps, todo

MAX_COMMANDS = 20
"""A list that is longer is not worked through in a morning."""

MUCH_BYTES = 10**9
"""A GB: less is no reason to delete anything."""

LOGDIR = "."
"""What a run that is the logdir itself is called."""

IN_LOGDIR = "in the folder of the logdir"


def next_commands(
    died: Sequence[Died],
    improved: Sequence[Improved],
    finished: Sequence[Finished],
    disk: Disk,
    baseline: Optional[Baseline],
    analyses: Sequence[Analysis],
) -> list[NextCommand]:
    """The most urgent first; ``analyses`` are those of all these runs."""
    known = {one.run.name: one for one in analyses}
    found = chain(
        (_go_on(one, known[one.run]) for one in died),
        _compare(improved, baseline, known),
        _remedies([known[one.run] for one in finished]),
        _prune(disk),
    )
    return list(islice(found, MAX_COMMANDS))


def _go_on(died: Died, analysis: Analysis) -> NextCommand:
    """All that the finding advises: after running out of memory it takes a smaller batch, too."""
    advice = [
        one.text
        for finding in analysis.findings
        for one in finding.advice
        if finding.rule == INTERRUPTED.id
    ]
    return NextCommand(died.run, " ".join(advice) or "Start it again.", died.command)


def _compare(
    improved: Sequence[Improved], baseline: Optional[Baseline], known: Mapping[str, Analysis]
) -> Iterator[NextCommand]:
    """With detections and seeds, where these are recorded."""
    for one in improved if baseline else ():
        command = _comparison(known[one.run], baseline) if baseline else None
        if baseline and command:
            yield NextCommand(one.run, f"Compare it with {baseline.name} {IN_LOGDIR}.", command)


def _comparison(analysis: Analysis, baseline: Baseline) -> Optional[str]:
    """None where the names of the runs are not the ways to them."""
    path = _path(analysis)
    if baseline.run is None:
        return path and f"runlens compare {path} --baseline={shlex.quote(baseline.name)}"
    first = _path(baseline.run)
    return path and first and f"runlens compare {first} {path}"


def _remedies(analyses: Sequence[Analysis]) -> Iterator[NextCommand]:
    for analysis in analyses:
        said = todo(analysis)
        first = next(iter(steps(analysis)), None)
        if said is not None:
            command = None if first is None else first.advice.command
            yield NextCommand(analysis.run.name, f"{said}.", command)


def _prune(disk: Disk) -> Iterator[NextCommand]:
    if disk.said is not None and disk.bytes >= MUCH_BYTES:
        said = f"List what can go {IN_LOGDIR}; --yes deletes it."
        yield NextCommand(None, said, "runlens prune .")


def _path(analysis: Analysis) -> Optional[str]:
    """The way to a run from the logdir as a word of a command line; None where its name is more than that: a table
    beside the folder's own, one of several logdirs."""
    name = analysis.run.name
    folder = shown(os.path.basename(os.path.abspath(analysis.run.path)))
    if name != LOGDIR and name.rpartition("/")[2] != folder:
        return None
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
