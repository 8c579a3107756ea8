"""The run stopped before its planned end, and early stopping did not end it.

## What it says
The process was killed, ran out of memory or time, or the machine went down.

## Why it matters
The learning-rate schedule was cut off, so the run has not reached what it would have; the final
pictures are missing.

## How it decides
Fewer epochs than planned, patience not used up, and nothing written for a while. A saved console
output says why; a run that another one continues is information, no warning.

## Source
127 of 1,107 real trainings ended so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens import commands
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.weights import LAST
from tensorboard_runlens.words import percent

REASONS = {
    "out_of_memory": "the GPU ran out of memory",
    "killed": "the process was killed",
    "disk_full": "the disk was full",
    "stopped_by_user": "it was stopped by hand",
    "error": "an error ended it",
}
"""What the end of a console's output says, in words."""

BATCH_ARGUMENTS = ("batch", "batch_size")


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a run that was cut off."""
    if signals.state not in ("interrupted", "stale") or not signals.rows:
        return None
    (last, planned) = (signals.epoch(signals.rows - 1), planned_epochs(signals.run))
    silent = signals.state == "stale"
    later = signals.surroundings.relations.continued_by
    said = f"{'Silent since' if silent else 'Interrupted after'} {signals.unit} {last} of {planned}"
    share = signals.rows / (planned or signals.rows)
    return Finding(
        severity="info" if later else "warning",
        confidence="moderate",
        summary=f"{said} ({percent(share)} of the planned {signals.unit}s){_how(signals, later)}.",
        clause=f"{'Silent since' if silent else 'Interrupted at'} {signals.unit} {last} of {planned}",
        evidence={
            "last_epoch": last,
            "planned": planned,
            "logged": signals.rows,
            "ended": signals.ended,
            "continued_by": list(later),
        },
        span=(signals.rows - 1, signals.rows - 1),
        advice=_advice(signals, later),
    )


def _how(signals: Signals, later: Sequence[str]) -> str:
    reason = REASONS.get(signals.ended or "")
    went_on = f"it goes on in {later[-1]}" if later else None
    return "".join(f"; {part}" for part in (reason, went_on) if part)


def _advice(signals: Signals, later: Sequence[str]) -> list[Advice]:
    if later:
        return [Advice("see-continued", f"Judge the whole training in {later[-1]}.")]
    return [_resume(signals), *_less_memory(signals)]


def _resume(signals: Signals) -> Advice:
    weights = signals.run.files.by_role.get("weights", ())
    checkpoint = next((name for name in LAST if name in weights), None)
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
    """What to change after running out of GPU memory: half the images at a time."""
    if signals.ended != "out_of_memory":
        return
    for name in BATCH_ARGUMENTS:
        batch = signals.argument(name)
        if isinstance(batch, int) and not isinstance(batch, bool) and batch > 1:
            change = (name, batch, batch // 2)
            yield Advice("smaller-batch", "Halve the batch size before resuming.", change)
            return
    yield Advice("smaller-batch", "Reduce the batch size before resuming.")


RULE = Rule("interrupted", check)
