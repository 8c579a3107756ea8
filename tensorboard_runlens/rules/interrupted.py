"""The run stopped before its planned end, and early stopping did not end it.

## What it says
The process was killed, ran out of memory or time, the disk was full, an error or somebody ended it, or the machine went
down; and what to do before it is resumed.

## Why it matters
The learning-rate schedule was cut off, so the run has not reached what it would have; the final
pictures are missing.

## How it decides
Fewer epochs than planned, patience not used up, and one of these: the recording says that it broke off, the process
that trained is gone (on the same Linux machine), or nothing was written for three epochs and ten minutes. A run of
which nothing but that silence is known is stale for a day. A recording says why, else a saved console output; a run
that another one continues is information, no warning.
Without an epoch it must be seen that the training began: by a recording, a console output that says why it ended, or
event files and pictures of the first batches that were not all written in one moment. Arguments alone say nothing.

## Source
127 of 1,107 real trainings ended so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens import commands, ended
from tensorboard_runlens.last_words import (
    DISK_FULL,
    ERROR,
    KILLED,
    OUT_OF_MEMORY,
    STOPPED_BY_USER,
)
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import LAST
from tensorboard_runlens.words import percent

CLAUSES = {
    OUT_OF_MEMORY: "Out of memory at",
    KILLED: "Killed at",
    DISK_FULL: "Disk full at",
    STOPPED_BY_USER: "Stopped by hand at",
    ERROR: "Ended by an error at",
}
"""Why it broke off, before the number of the epoch."""

BATCH_ARGUMENTS = ("batch", "batch_size")


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a run that was cut off."""
    if not signals.cut_off:
        return None
    later = signals.surroundings.relations.continued_by
    (said, clause) = _after_epochs(signals) if signals.rows else _in_the_first(signals)
    return Finding(
        severity="info" if later else "warning",
        confidence="moderate",
        summary=f"{said}{_how(signals, later)}.",
        clause=clause,
        evidence={
            "last_epoch": signals.last_epoch,
            "planned": planned_epochs(signals.run),
            "logged": signals.rows,
            "ended": signals.ended,
            "error": ended.error(signals.run) if signals.ended else None,
            "process_is_there": signals.process_is_there,
            "continued_by": list(later),
        },
        span=(signals.rows - 1, signals.rows - 1) if signals.rows else None,
        advice=_advice(signals, later),
    )


def _after_epochs(signals: Signals) -> tuple[str, str]:
    """Where it broke off, for the summary and in a few words."""
    planned = planned_epochs(signals.run)
    at = f"{signals.unit} {signals.last_epoch}" + (f" of {planned}" if planned else "")
    said = "Silent since" if signals.silent else "Interrupted after"
    return (f"{said} {at}{_share(signals, planned)}", f"{_cut(signals)} {at}")


def _in_the_first(signals: Signals) -> tuple[str, str]:
    """The same of a training that has no epoch."""
    said = "Silent" if signals.silent else "Interrupted"
    ended_it = f"before its first {signals.unit} ended"
    return (f"{said} {ended_it}", f"{_cut(signals)} the first {signals.unit}")


def _cut(signals: Signals) -> str:
    return "Silent since" if signals.silent else CLAUSES.get(signals.ended or "", "Interrupted at")


def _share(signals: Signals, planned: Optional[int]) -> str:
    if not planned:
        return ""
    return f" ({percent(signals.rows / planned)} of the planned {signals.unit}s)"


def _how(signals: Signals, later: Sequence[str]) -> str:
    reason = ended.reason(signals.run, signals.ended)
    there = "its process is still there" if signals.process_is_there else None
    went_on = f"it goes on in {later[-1]}" if later else None
    return "".join(f"; {part}" for part in (reason, there, went_on) if part)


def _advice(signals: Signals, later: Sequence[str]) -> list[Advice]:
    if later:
        return [Advice("see-continued", f"Judge the whole training in {later[-1]}.")]
    if signals.process_is_there:
        return [_look(signals)]
    return [*_before(signals), *_less_memory(signals), _resume(signals)]


def _look(signals: Signals) -> Advice:
    """Two trainings would write into one folder."""
    process = signals.run.recorded.process if signals.run.recorded else None
    number = f" {process.pid}" if process else ""
    return Advice("look-at-process", f"See what process{number} does, and end it before resuming.")


def _before(signals: Signals) -> Iterator[Advice]:
    """What to mend first: it would break off again."""
    if signals.ended == DISK_FULL:
        said = "Free space on the disk (runlens prune lists checkpoints that can go)"
        yield Advice("free-space", f"{said}; last.pt may be cut short, and best.pt is then left.")
    if signals.ended == ERROR and ended.error(signals.run):
        yield Advice("mend-error", f"Mend what ended it: {ended.error(signals.run)}.")


def _resume(signals: Signals) -> Advice:
    weights = signals.run.files.by_role.get("weights", ())
    checkpoint = next((name for name in LAST if name in weights), None)
    if checkpoint is None and not signals.rows:
        return Advice("train-again", f"Train again: no {signals.unit} is done to resume from.")
    if checkpoint is None and signals.run.axis == "iteration":
        return Advice("train-again", "Start the script again from the last iteration's model.")
    if checkpoint is None:
        return Advice(
            "train-again", "last.pt is not in this folder: train again, or resume where it is."
        )
    command = commands.resume(signals.run, checkpoint)
    if signals.run.stage and command:
        said = "Resume in the project's folder; a new exp folder takes over the rows of this one."
        return Advice("resume", said, command=command)
    return Advice("resume", f"Resume in {_where(command or '', checkpoint)}.", command=command)


def _where(command: str, checkpoint: str) -> str:
    if command.startswith("python "):
        return "the folder of train.py"
    from_above = bool(command) and not command.endswith(f"={checkpoint}")
    return "the folder where it was started" if from_above else "the run's folder"


def _less_memory(signals: Signals) -> Iterator[Advice]:
    """What to change after memory ran out, or may have."""
    if signals.ended == KILLED and ended.main_memory_was_full(signals.run):
        yield _less_main_memory(signals)
    if signals.ended != OUT_OF_MEMORY:
        return
    if ended.gpu_was_full(signals.run) is False:
        yield _less_main_memory(signals)
        return
    for name in BATCH_ARGUMENTS:
        batch = signals.argument(name)
        if isinstance(batch, int) and not isinstance(batch, bool) and batch > 1:
            change = (name, batch, batch // 2)
            yield Advice("smaller-batch", "Halve the batch size before resuming.", change)
            return
    yield Advice("smaller-batch", "Reduce the batch size before resuming.")


def _less_main_memory(signals: Signals) -> Advice:
    """Cached images take most of it, then the loader's workers, each with a copy of what it needs."""
    (cache, workers) = (signals.argument("cache"), signals.argument("workers"))
    if cache is True or cache == "ram":
        said = "Do not keep all images in memory when resuming."
        return Advice("no-cache", said, ("cache", cache, False))
    if isinstance(workers, int) and not isinstance(workers, bool) and workers > 0:
        said = "Load images with fewer workers when resuming."
        return Advice("fewer-workers", said, ("workers", workers, workers // 2))
    return Advice("more-memory", "Free main memory before resuming, or train smaller batches.")


RULE = Rule("interrupted", check)
