"""What the terminal shows of checkpoints that can go, and of those that went."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from tensorboard_runlens.housekeeping import Plan
from tensorboard_runlens.housekeeping.deletion import Outcome
from tensorboard_runlens.report.text import printable
from tensorboard_runlens.words import count, file_size

CHECKPOINT = "epoch checkpoint"


def listing(plan: Plan, notes: Sequence[str]) -> str:
    """A line a file with its run and size, then the sum, what stays and why, and notes on runlens.yaml."""
    rows = [
        (printable(run.run), file.path, file_size(file.bytes))
        for run in plan.runs
        for file in run.files
    ]
    (run_width, file_width) = (
        max((len(row[column]) for row in rows), default=0) for column in (0, 1)
    )
    lines = [f"{run:{run_width}}  {file:{file_width}}  {size:>8}" for (run, file, size) in rows]
    lines.append(_sum(plan))
    lines += [
        f"kept: {printable(one.run)}: {count(len(one.files), CHECKPOINT)}: {one.why}"
        for one in plan.kept
    ]
    lines += [f"note: {printable(note)}" for note in notes]
    return "\n".join(lines)


def _sum(plan: Plan) -> str:
    if not plan.files:
        return "nothing to delete"
    of_runs = count(len(plan.runs), "run")
    files = count(plan.files, CHECKPOINT)
    return f"{files} of {of_runs}, {file_size(plan.bytes)}"


def next_line(logdir: str) -> str:
    """How to delete what was listed."""
    return f"delete them: runlens prune {printable(shlex.quote(logdir))} --yes"


def outcome(outcomes: Sequence[Outcome]) -> str:
    """A line a file that is still there, and the sum of what is not."""
    lines = [
        f"not deleted: {printable(one.run)}: {one.file.path}: {one.refused}"
        for one in outcomes
        if one.refused
    ]
    gone = [one.file.bytes for one in outcomes if not one.refused]
    files = count(len(gone), CHECKPOINT)
    return "\n".join([*lines, f"deleted: {files}, {file_size(sum(gone))}"])
