"""Where a run stands: still training, finished, stopped early, interrupted ..., from its rows,
arguments, file times, and what its process said or shows of its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from tensorboard_runlens import ended
from tensorboard_runlens.fitness import Fitness
from tensorboard_runlens.formats.history import MAX_EPOCH
from tensorboard_runlens.formats.self_training import FINAL_MODEL
from tensorboard_runlens.partinet import STEP2
from tensorboard_runlens.run import Floats, Run, Stopped

EPOCH_ARGUMENTS = ("epochs", "num_epochs", "max_epochs", "n_epochs")
"""The frameworks' own name for it, then those of Lightning and of home-made scripts."""

SILENCE_MIN_S = 600.0
"""A run that wrote something in the last ten minutes may still be training, however short its epochs are."""

SILENCE_EPOCHS = 3.0
"""... and so may one that was silent for less than three of its own epochs."""

STALE_MAX_S = 24 * 3600.0
"""A run that fell silent within the last day may hang or wait; an older one was interrupted, unless its process is
there."""

CLOCK_SKEW_MAX_S = 24 * 3600.0
"""A file dated further ahead than any time zone explains says nothing about now."""

BROKEN_OFF = ("interrupted", "stale", "diverged", "empty", "unknown")
"""States in which a training can have broken off; the others say that it goes on, or came to its end."""

SPREAD_SHARE = 0.5
"""A training's files are written over its whole duration; a copy's share one moment. At least this share is asked."""

OF_ITS_BEGINNING = ("events", "labels", "log", "recorded", "train_batch")
"""Roles of files that a training writes before the end of its first epoch, beside its arguments."""

OF_LATER_EPOCHS = ("results", "weights", "plot", "curve", "confusion", "val_batch")
"""... and of those that it writes later: with one of them epochs were done, whose table is not here or not readable."""

COPIED_S = 1.0
"""The few files of a training that never ended its first epoch are copied in less; it took longer to write them."""

SPREAD_MIN_S = 60.0
"""The same where the table records no time: an epoch of real data takes about a minute."""


def epoch_seconds(run: Run) -> Optional[float]:
    """Median duration of one epoch in seconds, None where no time was logged."""
    seconds = run.history.seconds
    if seconds is None or not np.any(np.isfinite(seconds)):
        return None
    steps: Floats = np.diff(seconds, prepend=0.0)
    if run.history.epoch[0] > 1:
        steps = steps[1:]
    steps = steps[np.isfinite(steps) & (steps > 0)]
    return float(np.median(steps)) if len(steps) else None


def total_seconds(run: Run) -> Optional[float]:
    """What the training took so far in seconds, None where no time was logged."""
    seconds = run.history.seconds
    known = seconds[np.isfinite(seconds)] if seconds is not None else np.empty(0)
    return float(known[-1]) if len(known) else None


def first_epoch_number(run: Run) -> int:
    """What the framework calls its first epoch: 0 for YOLOv5, YOLOv7 and early Ultralytics 8.0, otherwise 1.

    PartiNet's step 2 may count on from step 1.
    """
    if run.stage == STEP2 and len(run.history):
        return int(run.history.epoch[0])
    if run.framework in ("yolov5", "yolov7", "selftraining"):
        return 0
    return 0 if len(run.history) and run.history.epoch[0] == 0 else 1


def planned_epochs(run: Run) -> Optional[int]:
    """How many epochs (or iterations) were asked for: the table's own announcement, the argument, or as recorded.

    A budget of hours (``time``) replaces the number of epochs, so that is None then.
    """
    if run.axis == "iteration":
        known = (run.logged.planned, _iterations(run.arguments))
        return max((count for count in known if count is not None), default=None)
    if run.logged.planned is not None:
        return run.logged.planned
    hours = run.arguments.get("time")
    if isinstance(hours, (int, float)) and hours > 0:
        return None
    said = (_count(run.arguments.get(name)) for name in EPOCH_ARGUMENTS)
    recorded = run.recorded.planned or None if run.recorded else None
    return next((epochs for epochs in said if epochs is not None), recorded)


def _iterations(arguments: Mapping[str, Any]) -> Optional[int]:
    """The supervised iteration and those of self-training that were asked for."""
    count = arguments.get("self_training_iterations")
    if (
        isinstance(count, bool)
        or not isinstance(count, (int, float))
        or not 0 <= count <= MAX_EPOCH
    ):
        return None
    return int(count) + 1


def last_planned_epoch(run: Run) -> Optional[int]:
    """The number of the last epoch that was asked for, None where the plan is unknown."""
    planned = planned_epochs(run)
    return None if planned is None else planned - 1 + first_epoch_number(run)


def seconds_left(run: Run) -> Optional[float]:
    """Seconds until the planned end at the median duration of an epoch; None where plan or duration is unknown."""
    (per_epoch, end) = (epoch_seconds(run), last_planned_epoch(run))
    if per_epoch is None or end is None or not len(run.history):
        return None
    return per_epoch * max(end - int(run.history.epoch[-1]), 0)


def patience(run: Run) -> int:
    """Epochs without improvement before early stopping; 0 where there is none."""
    return _count(run.arguments.get("patience")) or 0


def _count(value: Any) -> Optional[int]:
    """An argument as a number of epochs, None where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 1 <= value <= MAX_EPOCH else None


def stopped_early(run: Run, fitness: Fitness) -> bool:
    """Whether patience ran out before the planned end."""
    (row, end, allowed) = (fitness.first_best_row, last_planned_epoch(run), patience(run))
    if row is None or end is None or not allowed or run.history.epoch[-1] >= end:
        return False
    if fitness.values[row] == 0:
        return False  # while nothing is found, every epoch counts as an improvement
    return int(run.history.epoch[-1] - run.history.epoch[row]) >= allowed


def stopped_by_runlens(run: Run) -> Optional[Stopped]:
    """Why RunLens itself ended the training (``track(model, stop="past_best")``); None where it went on since."""
    found = run.recorded.stopped if run.recorded else None
    if found is None or not len(run.history) or run.history.epoch[-1] > found.epoch:
        return None
    return found


def silent_seconds(run: Run, now: float) -> Optional[float]:
    """Seconds since the run's newest file was written."""
    return None if run.files.newest is None else max(now - run.files.newest, 0.0)


def freshness(run: Run, now: float) -> str:
    """fresh: may still be training; silent: fell silent within a day, or its process is there; old, as is at once what
    is over or lost its process."""
    (age, there) = (silent_seconds(run, now), ended.process_is_there(run))
    if there is False or ended.recorded_end(run) is not None:
        return "old"
    if not there and ended.printed_its_end(run):
        return "old"
    if age is None or from_the_future(run, now) or not (there or _written_over_time(run)):
        return "old"
    if there and not len(run.history) and age <= STALE_MAX_S:
        return "fresh"  # how long a first epoch may take nobody knows
    if age <= max(SILENCE_MIN_S, SILENCE_EPOCHS * (epoch_seconds(run) or 0.0)):
        return "fresh"
    return "silent" if there or age <= STALE_MAX_S else "old"


def stopped_in_its_first_epoch(run: Run, now: float) -> bool:
    """Whether a training of which no epoch is logged began and does not go on: its recording or its console says why,
    or it wrote what is written before the first epoch, nothing of after that, and fell silent."""
    if ended.why(run) is not None:
        return True
    if freshness(run, now) == "fresh" or ended.came_to_its_end(run):
        return False
    return _began(run) and not run.files.by_role.keys() & set(OF_LATER_EPOCHS)


def _began(run: Run) -> bool:
    """Whether files of a training's beginning lie there that are no copies, whose arguments alone prove nothing."""
    return not written_at_once(run) and bool(run.files.by_role.keys() & set(OF_ITS_BEGINNING))


def written_at_once(run: Run) -> bool:
    """Whether the few files of a training without an epoch all have one time, as a copy's."""
    (newest, oldest) = (run.files.newest, run.files.oldest)
    return newest is None or oldest is None or newest - oldest <= COPIED_S


def dated(run: Run, now: float) -> bool:
    """Whether the times of the run's files tell when it trained: they spread as a training's do, and no clock is far
    ahead."""
    return _written_over_time(run) and not from_the_future(run, now)


def from_the_future(run: Run, now: float) -> bool:
    """Whether the newest file's time lies so far ahead that clocks disagree: it says nothing then."""
    return run.files.newest is not None and run.files.newest > now + CLOCK_SKEW_MAX_S


def _written_over_time(run: Run) -> bool:
    """Whether the files' times spread as a training's do."""
    if run.growing:
        return True
    if run.files.newest is None or run.files.oldest is None:
        return False
    if not len(run.history):
        return _began(run)
    spread = run.files.newest - run.files.oldest
    epoch = epoch_seconds(run)
    if epoch is None:
        return spread >= SPREAD_MIN_S
    first = max(
        [0, *(int(np.searchsorted(run.history.epoch, resumed)) for resumed in run.logged.resumed)]
    )
    return spread >= SPREAD_SHARE * epoch * (len(run.history) - first)


def _finally_evaluated(run: Run) -> bool:
    """Whether best.pt was evaluated after training: its metrics were logged, or its curves drawn."""
    return run.logged.final is not None or "curve" in run.files.by_role


def _ended_by_itself(run: Run) -> bool:
    """Whether files say that a training of unknown length came to its end."""
    if run.recorded and run.recorded.finished:
        return True
    if run.axis == "iteration":
        return FINAL_MODEL in run.files.by_role.get("weights", ())
    return _finally_evaluated(run)


def state(run: Run, fitness: Optional[Fitness], diverged: bool, now: float) -> str:
    """The run's state at ``now`` (seconds since 1970), one of schema.State."""
    if not len(run.history):
        return "running" if freshness(run, now) == "fresh" else "empty"
    end = last_planned_epoch(run)
    said = run.recorded is not None and run.recorded.finished
    if said or (run.axis == "iteration" and _ended_by_itself(run)):
        return "finished"  # the last model is written when all is done, whatever is missing
    if end is not None and run.history.epoch[-1] >= end:
        return "diverged" if diverged else "finished"
    if stopped_by_runlens(run) or (fitness is not None and stopped_early(run, fitness)):
        return "early_stopped"
    if ended.came_to_its_end(run):
        return "diverged" if diverged else "finished"
    fresh = freshness(run, now)
    if fresh == "fresh":
        return "running"
    if diverged:
        return "diverged"
    if end is None:
        return _without_plan(run)
    return "stale" if fresh == "silent" else "interrupted"


def _without_plan(run: Run) -> str:
    """The state of a training of unknown length that does not go on."""
    if _ended_by_itself(run):
        return "finished"
    return "interrupted" if ended.broke_off(run) else "unknown"


def why_ended(run: Run, state: str) -> Optional[str]:
    """Why a run in this state broke off, one of schema.Ended; None where it did not, or nothing says."""
    return ended.why(run) if state in BROKEN_OFF else None
