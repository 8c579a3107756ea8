"""What happened to the runs of a logdir since a moment: one file a section. All that is said rests on what the scan
read, but for the checkpoints that could go.

Whether something happened since then only the times of files tell. Those of copies do not: such runs are left out, and
a note says how many they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timezone
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.digest.baseline import baseline_of, improved
from tensorboard_runlens.digest.died import died
from tensorboard_runlens.digest.disk import disk
from tensorboard_runlens.digest.finished import finished
from tensorboard_runlens.digest.headline import headline
from tensorboard_runlens.digest.idle import idle
from tensorboard_runlens.digest.next_commands import next_commands
from tensorboard_runlens.digest.running import running
from tensorboard_runlens.digest.trained import Trained, each_once
from tensorboard_runlens.digest.window import Window
from tensorboard_runlens.schema import SCHEMA_VERSION
from tensorboard_runlens.schema.digest import DigestAnswer
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.words import count, first_of

MAX_NAMED = 3
"""Runs that a note names."""


def digest_answer(
    analyses: Sequence[Analysis],
    settings: Settings,
    logdir_name: str,
    since: float,
    now: float,
    notes: Sequence[str] = (),
    zone: Optional[timezone] = None,
) -> DigestAnswer:
    """The digest of these runs, all of a logdir; ``since`` and ``now`` are seconds since 1970, ``notes`` are said
    before its own, ``zone`` is whose clocks tell the time, None: this machine's."""
    window = Window(since, now, zone)
    trainings = each_once(analyses, now)
    dated = [one for one in trainings if one.dated]
    fresh = [one for one in dated if one.end >= since]
    baseline = baseline_of(settings, analyses)
    (ended, broken) = (finished(fresh), died(fresh))
    better = improved(fresh, baseline)
    going_on = running(trainings, baseline.run if baseline else None, now)
    (free, room) = (idle(trainings, window), disk(analyses))
    return DigestAnswer(
        ok=True,
        schema=SCHEMA_VERSION,
        logdir=logdir_name,
        since=round(since, 3),
        until=round(now, 3),
        baseline=baseline.name if baseline else None,
        headline=headline(ended, broken, better, going_on, free, window),
        finished=ended,
        died=broken,
        improved=better,
        running=going_on,
        idle=free,
        disk=room,
        next=next_commands(broken, better, ended, room, baseline, analyses),
        notes=[*notes, *_left_out(trainings, since), *_open(fresh)],
    )


def _left_out(trainings: Sequence[Trained], since: float) -> Iterator[str]:
    undated = [
        one
        for one in trainings
        if not one.dated and one.end >= since and one.analysis.state != "running"
    ]
    if undated:
        yield (
            f"{count(len(undated), 'run')} with new files left out, since these do not tell when it"
            f" trained: a copy's all have one time, and so has a single file. {_named(undated)}"
        )


def _open(fresh: Sequence[Trained]) -> Iterator[str]:
    """Trainings that ended, and of which nobody knows how long they should have been."""
    unknown = [one for one in fresh if one.analysis.state == "unknown"]
    if unknown:
        yield (
            f"{count(len(unknown), 'run')} stopped writing, and how many epochs were planned is not known: finished or"
            f" broken off. {_named(unknown)}"
        )


def _named(some: Sequence[Trained]) -> str:
    return f"{first_of([one.name for one in some], MAX_NAMED)}."
