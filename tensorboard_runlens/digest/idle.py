"""The stretches in which no training of the logdir ran. Whether a GPU was idle then nobody here knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tensorboard_runlens.digest.trained import Trained
from tensorboard_runlens.digest.window import Window
from tensorboard_runlens.schema.digest import Idle
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration

IDLE_MIN_S = 1800.0
"""Half an hour: less passes between two trainings that are started by hand, or while one sets up."""

Stretch = tuple[float, float]
"""From and to, seconds since 1970."""


def idle(trainings: Sequence[Trained], window: Window) -> list[Idle]:
    """What no training of these covers, what still lasts first, then the longest. One that goes on covers all until
    now; of one that is not dated all is covered that it may have trained in."""
    busy = ((one.begin, _until(one, window.now)) for one in trainings)
    free = sorted(
        gaps(busy, (window.since, window.now), IDLE_MIN_S),
        key=lambda gap: (gap[1] < window.now, gap[0] - gap[1]),
    )
    return [_idle(begin, end, window.now) for (begin, end) in free]


def _until(one: Trained, now: float) -> float:
    return now if one.analysis.state == "running" else one.over


def gaps(busy: Iterable[Stretch], within: Stretch, least: float) -> Iterator[Stretch]:
    """The parts of ``within`` that last at least so long and that none of ``busy`` touches, in order."""
    (at, end) = within
    for begin, until in sorted((begin, until) for (begin, until) in busy if begin <= until):
        if min(begin, end) - at >= least:
            yield (at, min(begin, end))
        at = max(at, until)
    if end - at >= least:
        yield (at, end)


def _idle(begin: float, end: float, now: float) -> Idle:
    """What is still silent may hang; that something ran in between nothing tells."""
    lasts = end >= now
    said = "No sign of a training of this logdir" if lasts else "No training of this logdir ran"
    until = None if lasts else round(end, 3)
    return Idle(round(begin, 3), until, f"{said} for {duration((end - begin) / SECONDS_AN_HOUR)}.")
