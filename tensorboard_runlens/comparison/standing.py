"""Where a training that goes on stands against the baseline: by how much it is ahead, and whether it will beat it.

Of the baseline it is asked how high it ever stood, so that it must have ended. The first days of two plans are not the
same when one has 50 epochs and the other 300: the learning rate comes down at other epochs. The lead at the same epoch
says little then, which is why the sentence names the plans; the outlook is that of the plans' ends.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.same_data import sameness_by_tables
from tensorboard_runlens.plain_values import number
from tensorboard_runlens.statistics.standing import Course, chance, lead, outlook
from tensorboard_runlens.words import count, points

GOES_ON = ("running", "stale")
"""States in which it is not yet over: a stale one may wait for its data."""

PLANS_APART = 1.5
"""From half as many epochs again on, the same epoch is another phase of the plan."""

SHOWN = 0.0005
"""Less would be shown as 0.0 points."""

OUTLOOKS = {
    "likely": "likely to beat it",
    "open": "whether it beats it is open",
    "unlikely": "unlikely to beat it",
}


def standing(baseline: Analysis, other: Analysis) -> Optional[schema.Standing]:
    """None for a training that is over, and where the two cannot be compared by their main metric."""
    if other.state not in GOES_ON or not _comparable(baseline, other):
        return None
    (course, before) = (_course(other), _course(baseline))
    ahead = lead(course, before) if course and before else None
    if course is None or before is None or ahead is None:
        return None
    likelihood = None if baseline.state in GOES_ON else chance(course, before)
    word = None if likelihood is None else outlook(likelihood)
    epoch = other.signals.epoch(int(other.signals.progress.rows[-1]))
    said = [_lead_said(ahead, epoch, course, before), *([OUTLOOKS[word]] if word else [])]
    return schema.Standing(
        epoch=epoch,
        delta=number(ahead),
        chance=number(likelihood),
        outlook=word,
        said="; ".join(said),
    )


def _comparable(baseline: Analysis, other: Analysis) -> bool:
    """Whether both were judged by the same metric of the same data, as far as that is known."""
    if baseline.run is other.run or baseline.signals.metric_name != other.signals.metric_name:
        return False
    (first, second) = (Contender(one.run.name, one) for one in (baseline, other))
    return sameness_by_tables(first, second).apart is None


def _course(analysis: Analysis) -> Optional[Course]:
    """How the main metric went, None where it was never measured."""
    progress = analysis.signals.progress
    if not len(progress.values):
        return None
    return Course(progress.done, progress.values, progress.planned)


def _lead_said(ahead: float, epoch: int, course: Course, baseline: Course) -> str:
    """+2.1 points against the baseline at epoch 12 ..."""
    size = f"{'+' if ahead > 0 else '-'}{points(abs(ahead))}"
    against = "level with" if abs(ahead) < SHOWN else f"{size} against"
    if baseline.done[-1] < course.done[-1]:
        had = count(int(baseline.done[-1]), "epoch")
        return f"{against} the end of the baseline ({had}) at epoch {epoch}"
    return f"{against} the baseline at epoch {epoch}{_plans(course.planned, baseline.planned)}"


def _plans(here: Optional[int], there: Optional[int]) -> str:
    """What is planned, where the same epoch means something else in both; otherwise nothing."""
    if not here or not there or max(here, there) < PLANS_APART * min(here, there):
        return ""
    return f" ({here} are planned here, {there} there)"
