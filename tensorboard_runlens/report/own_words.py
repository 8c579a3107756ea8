"""What the user said in runlens.yaml, and what came of it, with the words of guide 001, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.loss_sizes import GUIDE, LossSize, loss_sizes
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.signals.goals import EXCEEDED, MISSED, Reached
from tensorboard_runlens.words import metric_words, points


def own_words(analysis: Analysis) -> Iterator[str]:
    """Tags, note, grade, sizes of the losses and a line a target."""
    yield from tags_and_note(analysis)
    grade = analysis.grade
    if grade:
        yield f"grade: {grade.name} (mAP50 {grade.value:.3f}, by {grade.source})"
    yield from _loss_line(analysis)
    for one in analysis.signals.targets:
        yield f"target {_wanted(one)}: {_result(one)}"


def tags_and_note(analysis: Analysis) -> Iterator[str]:
    """What the user calls the run."""
    surroundings = analysis.surroundings
    if surroundings.tags:
        yield f"tags: {', '.join(map(without_absolute_paths, surroundings.tags))}"
    if surroundings.note:
        yield f"your note: {without_absolute_paths(surroundings.note)}"


def _loss_line(analysis: Analysis) -> Iterator[str]:
    """One line; none where nothing can be said of any loss."""
    row = analysis.signals.best_row
    sizes = loss_sizes(analysis.run, row)
    if row is not None and sizes:
        at = f"validation losses at epoch {analysis.signals.epoch(row)}"
        yield f"{at}, by {GUIDE}: {', '.join(map(_sized, sizes))}"


def _sized(size: LossSize) -> str:
    limit = f"below {size.high:.3f}" if size.low is None else f"{size.low:.3f} to {size.high:.3f}"
    wanted = "good" if size.low is None else "typical"
    return (
        f"{size.component} {size.value:.3f} {size.said} ({wanted} is {limit} at gain {size.gain:g})"
    )


def _wanted(one: Reached) -> str:
    target = one.target
    of_class = (
        "" if target.class_name is None else f" of {without_absolute_paths(target.class_name)}"
    )
    upper = "" if target.most == target.least else f" to {target.most:.3f}"
    return f"{metric_words(one.group, target.metric)}{of_class} {target.least:.3f}{upper}"


def _result(one: Reached) -> str:
    if one.value is None or one.margin is None:
        return "unknown, it was not measured"
    (status, by) = (one.status, "")
    if status == MISSED:
        by = f" by {points(-one.margin)}"
    if status == EXCEEDED:
        by = f" by {points(one.value - one.target.most)}"
    doubt = "" if one.sure else f"; {one.instances} instances leave that open"
    return f"{status}{by} ({one.value:.3f}{doubt})"
