"""The trainings that came to their end."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers import best_first
from tensorboard_runlens.answers.ranking import main_value
from tensorboard_runlens.digest.trained import Trained
from tensorboard_runlens.plain_values import number, without_absolute_paths
from tensorboard_runlens.run import main_metric
from tensorboard_runlens.schema.digest import Finished
from tensorboard_runlens.schema.run import MainMetric
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration

STATES = {"finished": "Finished", "early_stopped": "Stopped early", "diverged": "Diverged"}
"""How each is said."""


def finished(trainings: Sequence[Trained]) -> list[Finished]:
    """Those of these that ended, the best first."""
    ended = {one.name: one for one in trainings if one.analysis.state in STATES}
    ordered = best_first(one.analysis for one in ended.values())
    return [_finished(ended[analysis.run.name]) for analysis in ordered]


def _finished(one: Trained) -> Finished:
    (analysis, run) = (one.analysis, one.analysis.run)
    (seconds, main) = (lifecycle.total_seconds(run), main_metric(run.history.metrics))
    note = analysis.surroundings.note
    return Finished(
        run=one.name,
        state=analysis.state,  # type: ignore[arg-type]
        at=round(one.end, 3),
        epochs=len(run.history),
        planned=lifecycle.planned_epochs(run),
        seconds=number(seconds),
        main_metric=MainMetric(*main, number(main_value(analysis))) if main else None,
        note=None if note is None else without_absolute_paths(note),
        tags=[without_absolute_paths(tag) for tag in analysis.surroundings.tags],
        said=_said(analysis),
    )


def _said(analysis: Analysis) -> str:
    seconds = lifecycle.total_seconds(analysis.run)
    after = "" if seconds is None else f" after {duration(seconds / SECONDS_AN_HOUR)}"
    return f"{STATES[analysis.state]}{after}. {analysis.headline}"
