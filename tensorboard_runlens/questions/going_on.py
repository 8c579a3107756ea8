"""Should I continue training?"""

from __future__ import annotations

from typing import Callable

import numpy as np

from tensorboard_runlens import next_step
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.questions.question import (
    CRITICAL,
    INFO,
    OK,
    UNKNOWN,
    Question,
    ids,
    inside,
)
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.divergence import LAST_ROWS
from tensorboard_runlens.words import metric_words, points

LEVELS = {
    next_step.NOTHING: UNKNOWN,
    next_step.MEND: CRITICAL,
    next_step.SHORT: INFO,
    next_step.LEVEL: INFO,
    next_step.CUT_OFF: INFO,
    next_step.LONGER: INFO,
}
"""Of the steps that are no ordinary end or course; harm is as bad as its finding."""

LAST_SHARE = 0.25
"""The end of a training, over which its progress is told: the last quarter."""


def going_on(analysis: Analysis) -> Question:
    """What was decided for the headline, and why."""
    step = analysis.next_step
    return Question(
        id="going_on",
        question="Should I continue training?",
        answer=f"{SAYS[step.kind](analysis)}.",
        level=_level_of(analysis),
        rules=ids(step.because),
    )


def _level_of(analysis: Analysis) -> str:
    step = analysis.next_step
    if step.kind == next_step.HARM:
        return step.because[0].severity
    if step.kind == next_step.DONE and _is_open(analysis):
        return UNKNOWN
    return LEVELS.get(step.kind, OK)


def _clause(analysis: Analysis) -> str:
    return inside(analysis.next_step.because[0].clause)


def _nothing(analysis: Analysis) -> str:
    return "Unknown: no epoch is logged yet"


def _mend(analysis: Analysis) -> str:
    return f"No: {_clause(analysis)}, so data and labels come first"


def _continued(analysis: Analysis) -> str:
    return f"It goes on in {analysis.surroundings.relations.continued_by[-1]}"


def _harm(analysis: Analysis) -> str:
    return f"No: {_clause(analysis)}; more {analysis.signals.unit}s as they are would not help"


def _short(analysis: Analysis) -> str:
    return f"Yes: {_clause(analysis)}"


def _level(analysis: Analysis) -> str:
    return f"No: {_clause(analysis)}{_expected(analysis.signals)}"


def _running(analysis: Analysis) -> str:
    return f"Yes, it is running: {_done(analysis.signals)}{_expected(analysis.signals)}"


def _cut_off(analysis: Analysis) -> str:
    return f"Yes, resume it: {_done(analysis.signals)}{_expected(analysis.signals)}"


def _longer(analysis: Analysis) -> str:
    return f"In a new and longer training: {_clause(analysis)}"


def _ended(analysis: Analysis) -> str:
    because = analysis.next_step.because
    unsure = next_step.asks_for_more(analysis.findings)
    if unsure:
        return f"Open: {inside(unsure[0].clause)}, with low confidence"
    if _is_open(analysis):
        return f"Open: too few {analysis.signals.unit}s to tell whether it still improves"
    why = f"; {inside(because[0].clause)}" if because else ""
    return f"No finding asks for it{_late_change(analysis.signals)}{why}"


def _is_open(analysis: Analysis) -> bool:
    """Whether nothing tells of a training that came to its end."""
    if next_step.asks_for_more(analysis.findings):
        return True
    return not analysis.next_step.because and not _late_change(analysis.signals)


SAYS: dict[str, Callable[[Analysis], str]] = {
    next_step.NOTHING: _nothing,
    next_step.MEND: _mend,
    next_step.CONTINUED: _continued,
    next_step.HARM: _harm,
    next_step.SHORT: _short,
    next_step.LEVEL: _level,
    next_step.RUNNING: _running,
    next_step.CUT_OFF: _cut_off,
    next_step.LONGER: _longer,
    next_step.DONE: _ended,
}
"""Step -> its sentence."""


def _done(signals: Signals) -> str:
    planned = planned_epochs(signals.run)
    return f"{signals.rows} of {planned or 'an unknown number of'} planned {signals.unit}s are done"


def _expected(signals: Signals) -> str:
    forecast = signals.forecast
    if forecast is None or signals.metric_name is None:
        return ""
    (group, name) = signals.metric_name.split()
    (low, high) = forecast.interval
    ends = (
        f"{metric_words(group, name)} will end at {low:.2f} to {high:.2f} in 8 of 10 such trainings"
    )
    return f"; {ends}, a gain of one point is {forecast.gain}"


def _late_change(signals: Signals) -> str:
    """By how much the metric changed over the last quarter of the epochs, in words."""
    values = np.empty(0) if signals.metric is None else signals.metric[np.isfinite(signals.metric)]
    before = len(values) - int(len(values) * LAST_SHARE)
    if before <= LAST_ROWS or len(values) - before < LAST_ROWS or signals.metric_name is None:
        return ""
    change = float(np.median(values[-LAST_ROWS:]) - np.median(values[before - LAST_ROWS : before]))
    (group, name) = signals.metric_name.split()
    verb = "rose" if change >= 0 else "fell"
    return f": {metric_words(group, name)} {verb} by {points(abs(change))} over the last quarter"
