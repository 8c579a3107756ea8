"""A run as the JSON struct, without its series."""

from __future__ import annotations

from typing import Any, Optional

from tensorboard_runlens import lifecycle, schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.findings import failed_rule, finding_of, span_of
from tensorboard_runlens.answers.numbers import digits, rounded_metrics
from tensorboard_runlens.answers.ranking import main_value
from tensorboard_runlens.deployment.point_answer import operating_point_of
from tensorboard_runlens.plain_values import number, range_of, rounded, without_absolute_paths
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.run import Run, main_metric
from tensorboard_runlens.signals.goals import Reached

MAX_RELATIVES = 50
"""Relatives of one kind that an answer names: a thousand copies must not name each other a million times."""


def run_of(analysis: Analysis) -> schema.Run:
    """The run without its series."""
    return schema.Run(**common(analysis))


def common(analysis: Analysis) -> dict[str, Any]:
    """The fields that a run has in a list and on its own page."""
    run = analysis.run
    return {
        "name": run.name,
        "headline": analysis.headline,
        "health": schema.Health(analysis.health.level, analysis.health.rule),  # type: ignore[arg-type]
        "weights": schema.Weights(analysis.weights.use, analysis.weights.why),
        "framework": run.framework,
        "task": run.task,
        "version": schema.Version(run.version.min, run.version.max, run.version.source)
        if run.version
        else None,
        "dataset": _dataset(analysis),
        "state": analysis.state,
        "ended": analysis.signals.ended,
        "time": _time(run),
        "axis": run.axis,
        "epochs": _epochs(analysis),
        "metrics": rounded_metrics(analysis.signals.best_metrics),
        "main_metric": _main(analysis),
        "overfitting": _overfitting(analysis),
        "operating_point": operating_point_of(analysis.operating_point),
        "findings": [finding_of(analysis, finding) for finding in analysis.findings],
        "failed_rules": [failed_rule(one) for one in analysis.failed_rules],
        "problems": [
            schema.Problem(one.file, one.line, one.kind, one.problem) for one in run.problems
        ],
        "files": {role: list(names) for (role, names) in run.files.by_role.items()},
        "marks": _marks(analysis),
        "stage": run.stage,
        "relations": _relations(analysis.surroundings.relations),
        **_of_user(analysis),
    }


def _of_user(analysis: Analysis) -> dict[str, Any]:
    """What the user says in runlens.yaml, and what came of it."""
    (surroundings, grade) = (analysis.surroundings, analysis.grade)
    return {
        "targets": [_target(one) for one in analysis.signals.targets],
        "grade": None
        if grade is None
        else schema.Grade(grade.name, digits(grade.value), grade.source),  # type: ignore[arg-type]
        "note": None if surroundings.note is None else without_absolute_paths(surroundings.note),
        "tags": [without_absolute_paths(tag) for tag in surroundings.tags],
    }


def _target(reached: Reached) -> schema.Target:
    (target, name) = (reached.target, reached.target.class_name)
    return schema.Target(
        metric=target.metric,
        class_name=None if name is None else without_absolute_paths(name),
        target=target.least,
        upper=target.most,
        value=number(reached.value),
        status=reached.status,  # type: ignore[arg-type]
        margin=number(reached.margin),
        interval=range_of(reached.interval),
    )


def _dataset(analysis: Analysis) -> schema.Dataset:
    data = analysis.signals.data
    return schema.Dataset(
        data.val_fingerprint, data.n_train_images, data.n_val_images, data.n_classes
    )


def _relations(relations: Relations) -> schema.Relations:
    return schema.Relations(
        relations.starts_from,
        relations.continues,
        list(relations.continued_by[-MAX_RELATIVES:]),
        list(relations.duplicates[:MAX_RELATIVES]),
        list(relations.repeats[:MAX_RELATIVES]),
    )


def _time(run: Run) -> schema.Time:
    return schema.Time(
        seconds=number(lifecycle.total_seconds(run)),
        per_epoch=number(lifecycle.epoch_seconds(run)),
        updated=None if run.files.newest is None else round(run.files.newest, 3),
    )


def _epochs(analysis: Analysis) -> schema.Epochs:
    (run, signals) = (analysis.run, analysis.signals)
    rows = len(run.history)
    return schema.Epochs(
        rows=run.logged.rows,
        logged=rows,
        first=signals.epoch(0) if rows else None,
        last=signals.last_epoch,
        planned=lifecycle.planned_epochs(run),
        best=None if signals.best_row is None else signals.epoch(signals.best_row),
        best_by=signals.best_by,
        segments=list(run.logged.segments),
    )


def _main(analysis: Analysis) -> Optional[schema.MainMetric]:
    main = main_metric(analysis.run.history.metrics)
    if main is None:
        return None
    value = main_value(analysis)
    return schema.MainMetric(main[0], main[1], None if value is None else rounded(value))


def _overfitting(analysis: Analysis) -> schema.Overfitting:
    verdict = analysis.overfitting
    unknown = verdict.verdict in ("too_short", "unknown") or analysis.signals.val_total is None
    component = analysis.signals.rising_component
    confidence = None if verdict.verdict in ("too_short", "unknown") else verdict.confidence
    return schema.Overfitting(
        verdict=verdict.verdict,  # type: ignore[arg-type]
        loss_overfits=None if unknown else verdict.loss_overfits,
        quality=verdict.quality,  # type: ignore[arg-type]
        component=component,
        onset=None if verdict.onset is None else span_of(analysis, verdict.onset),
        confidence=confidence,  # type: ignore[arg-type]
        excess=None if unknown else rounded(verdict.excess),
    )


def _marks(analysis: Analysis) -> list[schema.Mark]:
    marks = [schema.Mark(epoch, "resumed") for epoch in analysis.run.logged.resumed]
    row = analysis.signals.close_mosaic_row
    if row is not None:
        marks.append(schema.Mark(analysis.signals.epoch(row), "mosaic_closed"))
    return marks
