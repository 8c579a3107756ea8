"""The Runs page as the JSON structs: its rows, and which of them may be ranked against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Optional

import numpy as np

from tensorboard_runlens import lifecycle, schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.ranking import best_first, main_value
from tensorboard_runlens.answers.unreadable import unreadable_of
from tensorboard_runlens.comparison.curve import metric_curve
from tensorboard_runlens.comparison.facts import epochs_to_converge
from tensorboard_runlens.data_groups import DataGroup, data_groups
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.plain_values import CONFIG_VALUE_LENGTH, without_absolute_paths
from tensorboard_runlens.run import Floats, main_metric
from tensorboard_runlens.signals.goals import EXCEEDED, MET, MISSED, UNKNOWN
from tensorboard_runlens.statistics.unsteady import late_noise
from tensorboard_runlens.todo import todo

SPARKLINE_POINTS = 40
"""Points of the small curve in the Runs table; it is 80 pixels wide."""

SPARKLINE_STEPS = 100
"""Heights that the points of a curve may have, at least: it is 20 pixels high, and digits are what a row weighs."""

DIGITS = 4
"""Significant digits of a number in a row: the page shows three decimals of a fraction."""

LEAST_HEIGHT = 1e-4
"""A curve that moves by less is flat, and its digits are of no use."""

SAME_MOMENT_S = 1.0
"""Copies of runs are written within a second of each other: none of them is the newest."""

MAX_RELATIVES = 5
"""Relatives of one kind that a row names; the page of the run has them all."""

WORST_FIRST = (MISSED, UNKNOWN, MET, EXCEEDED)
"""What a run's targets amount to is the worst of them."""

MODEL_ARGUMENTS = ("model", "cfg", "weights")
"""What names the network, in the frameworks' words; YOLOv5's ``cfg`` is empty where weights are given."""

CHECKPOINTS = ("best", "last")
"""File names that say nothing of the network."""

MAX_MODEL = 40
"""Characters of a model's name."""


def table_row(analysis: Analysis, latest: bool, data: int) -> schema.TableRow:
    """A row; ``data`` is the index of its group."""
    run = analysis.run
    return schema.TableRow(
        name=run.name,
        headline=analysis.headline,
        step=todo(analysis),
        health=schema.Health(analysis.health.level, analysis.health.rule),  # type: ignore[arg-type]
        framework=run.framework,  # type: ignore[arg-type]
        task=run.task,  # type: ignore[arg-type]
        state=analysis.state,  # type: ignore[arg-type]
        ended=analysis.signals.ended,  # type: ignore[arg-type]
        stage=run.stage,
        axis=run.axis,  # type: ignore[arg-type]
        model=model_name(run.arguments),
        data=data,
        latest=latest,
        **_progress(analysis),
        **_metrics(analysis),
        **_relations(analysis),
        **_of_user(analysis),
    )


def _progress(analysis: Analysis) -> dict[str, Any]:
    """How far the training came, and what it took."""
    (run, signals) = (analysis.run, analysis.signals)
    left = lifecycle.seconds_left(run) if analysis.state == "running" else None
    return {
        "logged": len(run.history),
        "planned": lifecycle.planned_epochs(run),
        "best": None if signals.best_row is None else signals.epoch(signals.best_row),
        "seconds": _short(lifecycle.total_seconds(run)),
        "per_epoch": _short(lifecycle.epoch_seconds(run)),
        "left": _short(left),
        "updated": None if run.files.newest is None else round(run.files.newest, 0),
    }


def _metrics(analysis: Analysis) -> dict[str, Any]:
    """At the best epoch, and how the main metric came there."""
    main = main_metric(analysis.run.history.metrics)
    named = analysis.signals.best_metrics.get(main[0], {}) if main else {}
    metric = analysis.signals.metric
    noise = None if metric is None else late_noise(metric)
    return {
        "main_metric": schema.MainMetric(*main, _short(main_value(analysis))) if main else None,
        **{name: _short(named.get(name)) for name in ("precision", "recall", "f1")},
        **_course(analysis, main),
        "confidence": _short(analysis.confidence),
        "interval": _interval(analysis),
        "unrest": _short(noise[0]) if noise else None,
        "sparkline": [] if metric is None else sparkline(metric),
    }


def _course(analysis: Analysis, main: Optional[tuple[str, str]]) -> dict[str, Any]:
    curve = metric_curve(analysis, *main) if main else None
    f1 = metric_curve(analysis, main[0], "f1") if main else None
    return {
        "to_95": None if curve is None else epochs_to_converge(curve),
        "f1_best": None if f1 is None else _short(float(f1.values.max())),
    }


def _interval(analysis: Analysis) -> Optional[tuple[float, float]]:
    """How sure the confidence is; None where either is unknown."""
    interval = analysis.operating_point.interval
    if analysis.confidence is None or interval is None:
        return None
    (low, high) = (_short(end) for end in interval)
    return None if low is None or high is None else (low, high)


def _relations(analysis: Analysis) -> dict[str, Any]:
    relations = analysis.surroundings.relations
    return {
        "continued_by": list(relations.continued_by[-MAX_RELATIVES:]),
        "duplicates": list(relations.duplicates[:MAX_RELATIVES]),
        "repeats": len(relations.repeats),
    }


def _of_user(analysis: Analysis) -> dict[str, Any]:
    """What runlens.yaml says of it, and what came of that."""
    (note, tags) = (analysis.surroundings.note, analysis.surroundings.tags)
    reached = {one.status for one in analysis.signals.targets}
    return {
        "target": next((status for status in WORST_FIRST if status in reached), None),
        "grade": analysis.grade.name if analysis.grade else None,
        "note": None if note is None else without_absolute_paths(note),
        "tags": [without_absolute_paths(tag) for tag in tags],
    }


def model_name(arguments: Mapping[str, Any]) -> Optional[str]:
    """The network as the arguments name it, without path and suffix; None where they do not."""
    for argument in MODEL_ARGUMENTS:
        said = arguments.get(argument)
        if not isinstance(said, str):
            continue
        name = re.split(r"[\\/]", said[-CONFIG_VALUE_LENGTH:])[-1].strip()
        stem = name.rpartition(".")[0] or name
        if stem and stem not in CHECKPOINTS:
            return stem[:MAX_MODEL]
    return None


def sparkline(metric: Floats) -> list[Optional[float]]:
    """At most SPARKLINE_POINTS of its values (n,), with as many decimals as SPARKLINE_STEPS heights need."""
    if len(metric) > SPARKLINE_POINTS:
        metric = metric[np.linspace(0, len(metric) - 1, SPARKLINE_POINTS).round().astype(np.int64)]
    known = [value for value in metric.tolist() if math.isfinite(value)]
    height = max(known) - min(known) if known else 0.0
    decimals = math.ceil(math.log10(SPARKLINE_STEPS / min(max(height, LEAST_HEIGHT), 1.0)))
    return [round(value, decimals) if math.isfinite(value) else None for value in metric.tolist()]


def _short(value: Optional[float]) -> Optional[float]:
    """With the digits of a row; None for what is missing or not finite."""
    return float(f"{value:.{DIGITS}g}") if value is not None and math.isfinite(value) else None


def _group(group: DataGroup) -> schema.DataGroup:
    return schema.DataGroup(
        label=without_absolute_paths(group.label),
        known=group.data.known,  # type: ignore[arg-type]
        fingerprint=group.data.fingerprint,
        n_val=group.n_val,
        n_classes=group.n_classes,
    )


def _latest(analyses: Sequence[Analysis]) -> Optional[str]:
    """The run with the newest file; none where several share that moment, as copies do."""
    times = sorted(
        ((one.run.files.newest, one.run.name) for one in analyses if one.run.files.newest),
        reverse=True,
    )
    if not times or (len(times) > 1 and times[0][0] - times[1][0] < SAME_MOMENT_S):
        return None
    return times[0][1]


def table_answer(
    logdir: str,
    progress: schema.Progress,
    notes: list[str],
    baseline: Optional[str],
    analyses: Sequence[Analysis],
    unreadable: Sequence[Unreadable],
    row: Callable[[Analysis, bool, int], schema.TableRow] = table_row,
) -> schema.TableAnswer:
    """Every run in a row, best first. ``baseline`` is what runlens.yaml names, a run or not; ``row`` makes a row, or
    has kept it."""
    groups = data_groups(analyses)
    data = {name: index for (index, group) in enumerate(groups) for name in group.runs}
    latest = _latest(analyses)
    return schema.TableAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        logdir=logdir,
        progress=progress,
        notes=notes,
        baseline=baseline if baseline in data else None,
        data=[_group(one) for one in groups],
        rows=[row(one, one.run.name == latest, data[one.run.name]) for one in best_first(analyses)],
        unreadable=unreadable_of(unreadable),
    )
