"""When a run trained, as the times of its files tell it, and the runs of a logdir, each training once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.naming import natural
from tensorboard_runlens.run import Run

CUT_OFF = ("interrupted", "stale")
"""States of trainings that went on for a while after their last row: up to one epoch."""


@dataclass(frozen=True)
class Trained:
    """A run and when its last process trained, seconds since 1970: ``begin`` is minus infinity where nothing tells,
    ``end`` is when its last row was written.

    Not ``dated`` are copies, all of whose files have one time, and runs of a single file without a recording: that was
    written at ``end``, and the run may have trained at any time before.
    """

    analysis: Analysis
    begin: float
    end: float
    dated: bool

    @property
    def name(self) -> str:
        """The run's name."""
        return self.analysis.run.name

    @property
    def over(self) -> float:
        """When its process was gone at the latest, for all that is known."""
        if self.analysis.state not in CUT_OFF:
            return self.end
        return self.end + (lifecycle.epoch_seconds(self.analysis.run) or 0.0)


def trained(analysis: Analysis, now: float) -> Optional[Trained]:
    """When a run trained, None where no file has a time."""
    run = analysis.run
    end = run.files.newest if run.files.written is None else run.files.written
    if end is None:
        return None
    dated = _dated(run, end, now)
    return Trained(analysis, _begin(run, end) if dated else -math.inf, end, dated)


def each_once(analyses: Iterable[Analysis], now: float) -> list[Trained]:
    """Every training that has times; of several copies the oldest that tells when it trained."""
    found = [one for one in (trained(analysis, now) for analysis in analyses) if one]
    copies: set[str] = set()
    kept = []
    for one in sorted(found, key=lambda each: (not each.dated, each.end, natural(each.name))):
        if one.name not in copies:
            kept.append(one)
            copies.update(one.analysis.surroundings.relations.duplicates)
    return kept


def _dated(run: Run, end: float, now: float) -> bool:
    if lifecycle.from_the_future(run, now):
        return False
    if len(run.history):
        return lifecycle.dated(run, now) or _as_recorded(run, end)
    return not lifecycle.written_at_once(run)


def _as_recorded(run: Run, end: float) -> bool:
    """Whether the recording says that the training began about as long before ``end`` as it lasted."""
    (seconds, started) = (_of_last_process(run), _started(run))
    if seconds is None or started is None:
        return False
    most = max(lifecycle.SILENCE_MIN_S, lifecycle.SPREAD_SHARE * seconds)
    return abs(end - seconds - started) <= most


def _started(run: Run) -> Optional[float]:
    return run.recorded.started if run.recorded else None


def _begin(run: Run, end: float) -> float:
    """By the table's own clock, else as recorded, else by the oldest file where that is another one."""
    seconds = _of_last_process(run)
    if seconds is not None:
        return end - seconds
    known = [one for one in (_started(run), run.files.oldest) if one is not None and one < end]
    return known[0] if known else -math.inf


def _of_last_process(run: Run) -> Optional[float]:
    """Seconds that the table records since the training was last resumed, None where it has none."""
    seconds = lifecycle.total_seconds(run)
    if seconds is None or run.history.seconds is None:
        return None
    resumed = max(run.logged.resumed, default=0)
    before = run.history.seconds[: int(np.searchsorted(run.history.epoch, resumed))]
    known = before[np.isfinite(before)]
    return max(seconds - (float(known[-1]) if len(known) else 0.0), 0.0)
