"""That a training is over and why: as its process recorded it, as that process is gone, or as its console says."""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import last_words
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.recording import process
from tensorboard_runlens.recording.layout import OVER
from tensorboard_runlens.run import Recorded, RecordedEnd, Run
from tensorboard_runlens.words import percent

MAX_ERROR = 200
"""Characters of an exception that are told."""

FULL_MEMORY = 0.9
"""Share of main memory from which the next batches may have taken the rest."""

LAST_WORDS_S = 10.0
"""After it has printed why it ends a process closes its files, which writes to them."""

CLOCK_STEP_S = 2.0
"""Some file systems keep times in steps of two seconds. No training starts in less."""

CLOCK_ROUNDING = 1e-4
"""Tables keep five digits of the seconds."""

REASONS = {
    last_words.OUT_OF_MEMORY: "memory ran out",
    last_words.KILLED: "the process was killed",
    last_words.DISK_FULL: "the disk was full",
    last_words.STOPPED_BY_USER: "it was stopped by hand",
    last_words.ERROR: "an error ended it",
}
"""Why a training broke off, in words."""


def recorded_end(run: Run) -> Optional[RecordedEnd]:
    """What the process recorded of its end; None where the training went on since, unrecorded."""
    found = run.recorded.ended if run.recorded else None
    if found is None or found.epoch is None or not len(run.history):
        return found
    return None if run.history.epoch[-1] > found.epoch else found


def process_is_there(run: Run) -> Optional[bool]:
    """Whether the process that trains is still there, as of now; None where that cannot be told: it was not recorded,
    or another one has trained on since, without a recording."""
    recorded = run.recorded
    if recorded is None or recorded.process is None or recorded.ended is not None:
        return None
    if len(run.history) and not _is_of_its_process(run, recorded):
        return None
    one = recorded.process
    return process.is_there(one.pid, one.started, one.place)


def _is_of_its_process(run: Run, recorded: Recorded) -> bool:
    """Whether the recorded process wrote the table's last row. It may be killed between a row and its record: then
    the row came as long after the record as the table's clock says. Another one that trains on begins its epoch anew,
    and so comes later."""
    (epochs, seconds, newest) = (run.history.epoch, run.history.seconds, recorded.newest)
    if newest is not None and epochs[-1] <= newest:
        return True
    known = epochs[-2] if len(epochs) > 1 else None
    if newest != known or seconds is None or run.files.written is None or recorded.written is None:
        return False
    took = float(seconds[-1] - (seconds[-2] if len(seconds) > 1 else 0.0))
    rounding = CLOCK_ROUNDING * float(seconds[-1])
    return run.files.written - recorded.written <= took + CLOCK_STEP_S + rounding


def printed_its_end(run: Run) -> bool:
    """Whether its console's output says how it broke off, and nothing of the run was written after that."""
    told = run.console
    if told is None or told.ended is None or told.written is None or run.files.newest is None:
        return False
    return told.written >= run.files.newest - LAST_WORDS_S


def came_to_its_end(run: Run) -> bool:
    """Whether its process recorded that nothing broke it off, however many epochs were planned."""
    found = recorded_end(run)
    return found is not None and found.why == OVER


def broke_off(run: Run) -> bool:
    """Whether its process recorded why it broke off, or is gone without a word."""
    found = recorded_end(run)
    return process_is_there(run) is False if found is None else found.why not in (None, OVER)


def why(run: Run) -> Optional[str]:
    """What broke the training off: out_of_memory, killed, disk_full, stopped_by_user or error; None where nothing says.
    Of a training that may go on only who knows its state can say that it did not (lifecycle.py)."""
    found = recorded_end(run)
    if found is not None and found.why is not None:
        return None if found.why == OVER else found.why
    printed = run.console.ended if run.console else None
    if found is None and process_is_there(run) is False:
        return printed or last_words.KILLED
    return printed


def error(run: Run) -> Optional[str]:
    """The exception that broke the training off, with its message; None where nothing names it."""
    found = recorded_end(run)
    if found is not None and found.why is not None:
        return found.error
    printed = run.console.error if run.console else None
    return None if printed is None else without_absolute_paths(printed)[:MAX_ERROR]


def gpu_was_full(run: Run) -> Optional[bool]:
    """Of a training that memory ended: whether it was the GPU's and not the machine's; None where nothing says."""
    said = error(run)
    return None if said is None else last_words.of_accelerator(said)


def reason(run: Run, word: Optional[str]) -> Optional[str]:
    """Why a run broke off in words, as much as is known; ``word`` is one of schema.Ended."""
    if word == last_words.OUT_OF_MEMORY and gpu_was_full(run) is not None:
        return f"{'the GPU' if gpu_was_full(run) else 'the machine'} ran out of memory"
    if word == last_words.KILLED:
        return _killed(run)
    if word == last_words.ERROR and error(run):
        return f"an error ended it ({error(run)})"
    return REASONS.get(word or "")


def _killed(run: Run) -> str:
    said = REASONS[last_words.KILLED]
    if recorded_end(run) is None and not (run.console and run.console.ended):
        said = "its process is gone without a word: killed, or crashed"
    used = main_memory_was_full(run)
    if used is None:
        return said
    return f"{said}, maybe by the system: {percent(used)} of its main memory were in use"


def main_memory_was_full(run: Run) -> Optional[float]:
    """The share of main memory that was in use after the last epoch; None where that was not recorded, or not much. A
    system that runs out of it kills a process that takes a lot."""
    machine = run.recorded.machine if run.recorded else None
    shares = machine.values.get("main_memory_used") if machine else None
    if shares is None or not shares[-1] >= FULL_MEMORY:
        return None
    return float(shares[-1])
