"""How does this compare to other runs?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.data_groups import data_of
from tensorboard_runlens.questions.question import INFO, OK, UNKNOWN, Question
from tensorboard_runlens.signals.goals import MISSED, Reached
from tensorboard_runlens.signals.goals import UNKNOWN as NOT_MEASURED
from tensorboard_runlens.words import count, metric_words

UNKNOWN_ALONE = "Unknown from this run alone: the command runlens compare tells it, of the same validation images."


def others(analysis: Analysis, beside: Sequence[Analysis] = ()) -> Question:
    """The user's own targets, the rank among the runs of the logdir, and those that belong to this one."""
    answers = [_targets(analysis), _rank(analysis, beside), _repeat(analysis)]
    known = [one for one in answers if one is not None]
    said = " ".join(
        [*(sentence for (sentence, _) in known), "" if known else UNKNOWN_ALONE]
    ).strip()
    level = INFO if INFO in [level for (_, level) in known] else OK if known else UNKNOWN
    missed = (
        ("target-missed",) if any(one.rule == "target-missed" for one in analysis.findings) else ()
    )
    return Question("others", "How does this compare to other runs?", said, level, missed)


def _targets(analysis: Analysis) -> Optional[tuple[str, str]]:
    reached = [one for one in analysis.signals.targets if one.status != NOT_MEASURED]
    missed = [one for one in reached if one.status == MISSED]
    if missed:
        of = count(len(reached), "target")
        return (f"It misses {len(missed)} of {of}: {_missed(missed[0])}.", INFO)
    return (f"It reaches {count(len(reached), 'target')}.", OK) if reached else None


def _missed(reached: Reached) -> str:
    target = reached.target
    return f"{metric_words(reached.group, target.metric)} {reached.value:.3f} of {target.least:g}"


def _rank(analysis: Analysis, beside: Sequence[Analysis]) -> Optional[tuple[str, str]]:
    """The place by the metric that runs are judged by, 1 for the highest; equal values share one."""
    own = _best(analysis)
    values = {one.run.name: _best(one) for one in _same_kind(analysis, beside)}
    rivals = {name: value for (name, value) in values.items() if value is not None}
    if own is None or not rivals:
        return None
    (group, name) = (analysis.signals.metric_name or "").split()
    place = 1 + sum(value > own for value in rivals.values())
    best = max(rivals, key=lambda name: rivals[name])
    said = f"By {metric_words(group, name)} it is number {place} of {len(rivals) + 1} runs {_where(analysis)}"
    next_to = f"the {'best' if place > 1 else 'next'} is {best} with {rivals[best]:.3f}"
    return (
        f"{said}; {next_to}, and the command runlens compare says whether that is more than chance.",
        OK,
    )


def _where(analysis: Analysis) -> str:
    if analysis.signals.data.val_fingerprint:
        return "validated on the same images"
    return "in this logdir, if all were validated on the same images"


def _same_kind(analysis: Analysis, beside: Sequence[Analysis]) -> list[Analysis]:
    """The other runs with the same metric and, as far as that is known, the same validation images."""
    (signals, data) = (analysis.signals, data_of(analysis))
    return [
        one
        for one in beside
        if one.run.name != analysis.run.name
        and one.run.name not in analysis.surroundings.relations.duplicates
        and one.signals.metric_name == signals.metric_name
        and data_of(one) == data
    ]


def _best(analysis: Analysis) -> Optional[float]:
    (group, name) = (analysis.signals.metric_name or "none none").split()
    return analysis.signals.best_metrics.get(group, {}).get(name)


def _repeat(analysis: Analysis) -> Optional[tuple[str, str]]:
    repeats = analysis.surroundings.relations.repeats
    return (f"It repeats {repeats[0]} with another seed.", OK) if repeats else None
