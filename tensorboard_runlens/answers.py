"""From an Analysis to the JSON structs: the same answers for the terminal, for HTTP and for files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

import msgspec
import numpy as np

from tensorboard_runlens import lifecycle, schema
from tensorboard_runlens.analysis import Analysis, FailedRule
from tensorboard_runlens.class_intervals import intervals_of, unreliable
from tensorboard_runlens.commands import deploy
from tensorboard_runlens.dataset.answer import data_set
from tensorboard_runlens.deployment.point_answer import curves_of, operating_point_of
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.formats.checkpoint import Checkpoint
from tensorboard_runlens.loss_sizes import LossSize, loss_sizes
from tensorboard_runlens.naming import natural
from tensorboard_runlens.pictures import Picture, pictures_of
from tensorboard_runlens.plain_values import (
    SIGNIFICANT_DIGITS,
    as_text,
    number,
    range_of,
    rounded,
    without_absolute_paths,
)
from tensorboard_runlens.questions import Question, questions_of
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.releases.consequences import consequences
from tensorboard_runlens.rules import Advice, Finding
from tensorboard_runlens.run import (
    MAIN_METRICS,
    ClassMetrics,
    Console,
    Floats,
    Recorded,
    Run,
    Scanned,
    main_metric,
)
from tensorboard_runlens.statistics.late_trend import EPOCHS_MIN, late_trend
from tensorboard_runlens.target_signals import Reached
from tensorboard_runlens.thresholds.of_run.from_metrics import cut_at

MAX_RELATIVES = 50
"""Relatives of one kind that an answer names: a thousand copies must not name each other a million times."""

SPARKLINE_POINTS = 40
"""Points of the small curve in the Runs table; it is 80 pixels wide."""


def _series(values: Floats) -> list[Optional[float]]:
    return [rounded(value) for value in values.tolist()]


def encode(answer: msgspec.Struct) -> bytes:
    """The JSON bytes of an answer."""
    return msgspec.json.encode(answer)


def scan_answer(
    analyses: Iterable[Analysis], unreadable: Sequence[Unreadable]
) -> schema.ScanAnswer:
    """Every run, best first, and what could not be read."""
    runs = [run_of(analysis) for analysis in best_first(analyses)]
    return schema.ScanAnswer(True, schema.SCHEMA_VERSION, runs, unreadable_of(unreadable))


def show_answer(
    analysis: Analysis, details: Details = NO_DETAILS, beside: Sequence[Analysis] = ()
) -> schema.ShowAnswer:
    """One run with all that its page draws; ``beside`` are the runs that it is ranked among."""
    run = detailed_run_of(analysis, details, beside)
    return schema.ShowAnswer(True, schema.SCHEMA_VERSION, run)


def error_answer(code: schema.ErrorCode, message: str) -> schema.ErrorAnswer:
    """Why there is no answer."""
    return schema.ErrorAnswer(False, schema.SCHEMA_VERSION, schema.Failure(code, message))


def unreadable_of(unreadable: Sequence[Unreadable]) -> list[schema.Unreadable]:
    """Folders that could not be read, natural order."""
    return [
        schema.Unreadable(one.path, one.reason)
        for one in sorted(unreadable, key=lambda one: natural(one.path))
    ]


def best_first(analyses: Iterable[Analysis]) -> list[Analysis]:
    """Sorted by the task's main metric, highest first, then by natural name; runs without one come last."""

    def order(analysis: Analysis) -> tuple[float, Any]:
        value = _main_value(analysis)
        return (-value if value is not None else math.inf, natural(analysis.run.name))

    return sorted(analyses, key=order)


def _main_value(analysis: Analysis) -> Optional[float]:
    main = main_metric(analysis.run.history.metrics)
    if main is None:
        return None
    return analysis.signals.best_metrics.get(main[0], {}).get(main[1])


def run_of(analysis: Analysis) -> schema.Run:
    """The run without its series."""
    return schema.Run(**_common(analysis))


def detailed_run_of(
    analysis: Analysis, details: Details = NO_DETAILS, beside: Sequence[Analysis] = ()
) -> schema.DetailedRun:
    """The run with series, totals, the best/worst/mean/now table and its arguments."""
    history = analysis.run.history
    signals = analysis.signals
    return schema.DetailedRun(
        **_common(analysis),
        series=schema.Series(
            epoch=history.epoch.tolist(),
            train={name: _series(values) for (name, values) in history.train.items()},
            val={name: _series(values) for (name, values) in history.val.items()},
            metrics={
                group: {name: _series(values) for (name, values) in named.items()}
                for (group, named) in history.metrics.items()
            },
            lr={name: _series(values) for (name, values) in history.lr.items()},
            seconds=None if history.seconds is None else _series(history.seconds),
            machine={name: _series(values) for (name, values) in signals.machine.series.items()},
        ),
        totals=schema.Totals(
            train=None if signals.train_total is None else _series(signals.train_total),
            val=None if signals.val_total is None else _series(signals.val_total),
        ),
        final=_final(analysis.run),
        statistics=list(_statistics(analysis)),
        trends=list(_trends(analysis)),
        config=config_of(analysis.run),
        classes=[_class_line(line) for line in signals.data.classes],
        console=None if analysis.run.console is None else _console(analysis.run.console),
        commands=[]
        if analysis.weights.use is None
        else deploy(analysis.run, analysis.weights.use, analysis.confidence),
        checkpoints=[_checkpoint(one) for one in details.checkpoints],
        drawn_by=details.drawn_by,
        consequences=[
            schema.Consequence(one.name, list(one.possible)) for one in consequences(analysis.run)
        ],
        data=_data(analysis),
        data_counting=analysis.surroundings.counting,
        pictures=[_picture(one) for one in pictures_of(analysis.run)],
        pseudo_labels=[
            schema.PseudoLabels(one.iteration, one.positive, one.negative)
            for one in analysis.signals.pseudo_labels
        ],
        forecast=_forecast(analysis),
        curves=curves_of(details.curves, cut_at(analysis.run)),
        recorded=None if analysis.run.recorded is None else _recorded(analysis.run.recorded),
        questions=[_question(one) for one in questions_of(analysis, beside)],
        loss_sizes=[_loss_size(one) for one in loss_sizes(analysis.run, signals.best_row)],
    )


def _forecast(analysis: Analysis) -> Optional[schema.Forecast]:
    (found, name) = (analysis.signals.forecast, analysis.signals.metric_name)
    if found is None or name is None:
        return None
    (low, high) = found.interval
    return schema.Forecast(
        metric=name,
        now=_digits(found.now),
        expected=_digits(found.expected),
        interval=(_digits(low), _digits(high)),
        gain=found.gain,
        epochs_left=found.epochs_left,
    )


def _data(analysis: Analysis) -> Optional[schema.DataSet]:
    dataset = analysis.surroundings.dataset
    return None if dataset is None else data_set(dataset, analysis.signals.data.faults)


def _checkpoint(checkpoint: Checkpoint) -> schema.Checkpoint:
    return schema.Checkpoint(
        file=checkpoint.file,
        bytes=checkpoint.size,
        version=checkpoint.version,
        date=checkpoint.date,
        epoch=checkpoint.epoch_of_weights,
        finished=checkpoint.finished,
        logged=checkpoint.logged,
        metrics=_rounded_metrics(checkpoint.metrics),
        problem=next((problem.problem for problem in checkpoint.problems), None),
    )


def _picture(picture: Picture) -> schema.Picture:
    shows = picture.shows
    if shows is None or shows.image is None:
        return schema.Picture(picture.id, picture.role, None)
    name = without_absolute_paths(shows.image)
    return schema.Picture(
        picture.id, picture.role, schema.ShownImage(name, shows.missed, shows.false)
    )


def _class_line(line: ClassMetrics) -> schema.ClassLine:
    return schema.ClassLine(
        without_absolute_paths(line.name),
        line.images,
        line.instances,
        _rounded_metrics(line.metrics),
        {
            group: {name: (_digits(low), _digits(high)) for (name, (low, high)) in named.items()}
            for (group, named) in intervals_of(line).items()
        },
        unreliable(line),
    )


def _digits(value: float) -> float:
    """A number that is finite by construction."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def _recorded(recorded: Recorded) -> schema.Recorded:
    devices = recorded.devices or ((recorded.device,) if recorded.device else ())
    return schema.Recorded(
        epochs=recorded.epochs,
        optimizer=recorded.optimizer,
        learning_rates=[rounded(rate) for rate in recorded.learning_rates],
        fitness=recorded.fitness,
        torch=recorded.torch,
        python=recorded.python,
        devices=[without_absolute_paths(device) for device in devices],
        missing=[without_absolute_paths(sentence) for sentence in recorded.missing],
    )


def _console(console: Console) -> schema.Console:
    total = sum(console.speed_ms.values())
    return schema.Console(
        file=console.file,
        version=console.version,
        python=console.python,
        torch=console.torch,
        device=None if console.device is None else without_absolute_paths(console.device),
        model=None if console.model is None else without_absolute_paths(console.model),
        layers=console.layers,
        parameters=console.parameters,
        gflops=_maybe(console.gflops),
        transferred=console.transferred,
        frozen=list(console.frozen),
        train=_split(console.train),
        val=_split(console.val),
        epochs_completed=console.epochs_completed,
        hours=_maybe(console.hours),
        speed_ms={stage: rounded(value) for (stage, value) in console.speed_ms.items()},
        fps=rounded(1000 / total) if total > 0 else None,
        ended=console.ended,
    )


def _maybe(value: Optional[float]) -> Optional[float]:
    return None if value is None else rounded(value)


def _split(split: Optional[Scanned]) -> Optional[schema.Split]:
    return None if split is None else schema.Split(split.images, split.backgrounds, split.corrupt)


def table_row(analysis: Analysis, latest: bool) -> schema.TableRow:
    """A row of the Runs page."""
    metric = analysis.signals.metric
    return schema.TableRow(run_of(analysis), [] if metric is None else _thinned(metric), latest)


def _thinned(values: Floats) -> list[Optional[float]]:
    if len(values) > SPARKLINE_POINTS:
        values = values[np.linspace(0, len(values) - 1, SPARKLINE_POINTS).round().astype(np.int64)]
    return [
        None if not math.isfinite(value) else float(f"{value:.3g}") for value in values.tolist()
    ]


def _common(analysis: Analysis) -> dict[str, Any]:
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
        "time": _time(run),
        "axis": run.axis,
        "epochs": _epochs(analysis),
        "metrics": _rounded_metrics(analysis.signals.best_metrics),
        "main_metric": _main(analysis),
        "overfitting": _overfitting(analysis),
        "operating_point": operating_point_of(analysis.operating_point),
        "findings": [_finding(analysis, finding) for finding in analysis.findings],
        "failed_rules": [_failed_rule(one) for one in analysis.failed_rules],
        "problems": [
            schema.Problem(one.file, one.line, one.kind, one.problem) for one in run.problems
        ],
        "files": {role: list(names) for (role, names) in run.files.by_role.items()},
        "marks": _marks(analysis),
        "stage": run.stage,
        "relations": _relations(analysis.surroundings.relations),
        **_of_user(analysis),
    }


def _question(asked: Question) -> schema.Question:
    return schema.Question(
        id=asked.id,  # type: ignore[arg-type]
        question=asked.question,
        answer=without_absolute_paths(asked.answer),
        level=asked.level,  # type: ignore[arg-type]
        rules=list(asked.rules),
    )


def _loss_size(size: LossSize) -> schema.LossSize:
    return schema.LossSize(
        component=size.component,
        value=_digits(size.value),
        gain=_digits(size.gain),
        low=None if size.low is None else _digits(size.low),
        high=_digits(size.high),
        said=size.said,  # type: ignore[arg-type]
        source=size.source,  # type: ignore[arg-type]
    )


def _of_user(analysis: Analysis) -> dict[str, Any]:
    """What the user says in runlens.yaml, and what came of it."""
    (surroundings, grade) = (analysis.surroundings, analysis.grade)
    return {
        "targets": [_target(one) for one in analysis.signals.targets],
        "grade": None
        if grade is None
        else schema.Grade(grade.name, _digits(grade.value), grade.source),  # type: ignore[arg-type]
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
    seconds = run.history.seconds
    known = seconds[np.isfinite(seconds)] if seconds is not None else np.empty(0)
    per_epoch = lifecycle.epoch_seconds(run)
    return schema.Time(
        seconds=rounded(float(known[-1])) if len(known) else None,
        per_epoch=None if per_epoch is None else rounded(per_epoch),
        updated=None if run.files.newest is None else round(run.files.newest, 3),
    )


def _epochs(analysis: Analysis) -> schema.Epochs:
    (run, signals) = (analysis.run, analysis.signals)
    rows = len(run.history)
    return schema.Epochs(
        rows=run.logged.rows,
        logged=rows,
        first=signals.epoch(0) if rows else None,
        last=signals.epoch(rows - 1) if rows else None,
        planned=lifecycle.planned_epochs(run),
        best=None if signals.best_row is None else signals.epoch(signals.best_row),
        best_by=signals.best_by,
        segments=list(run.logged.segments),
    )


def _rounded_metrics(
    metrics: Mapping[str, Mapping[str, Optional[float]]],
) -> dict[str, dict[str, Optional[float]]]:
    return {
        group: {name: None if value is None else rounded(value) for (name, value) in named.items()}
        for (group, named) in metrics.items()
    }


def _main(analysis: Analysis) -> Optional[schema.MainMetric]:
    main = main_metric(analysis.run.history.metrics)
    if main is None:
        return None
    value = _main_value(analysis)
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
        onset=None if verdict.onset is None else _span(analysis, verdict.onset),
        confidence=confidence,  # type: ignore[arg-type]
        excess=None if unknown else rounded(verdict.excess),
    )


def _finding(analysis: Analysis, finding: Finding) -> schema.Finding:
    return schema.Finding(
        rule=finding.rule,
        severity=finding.severity,  # type: ignore[arg-type]
        confidence=finding.confidence,  # type: ignore[arg-type]
        summary=finding.summary,
        evidence={
            key: rounded(value) if isinstance(value, float) else value
            for (key, value) in finding.evidence.items()
        },
        span=None if finding.span is None else _span(analysis, finding.span),
        advice=[_advice(one) for one in finding.advice],
    )


def _failed_rule(failed: FailedRule) -> schema.FailedRule:
    return schema.FailedRule(failed.rule, without_absolute_paths(failed.error))


def _advice(advice: Advice) -> schema.Advice:
    change = schema.Change(*advice.change) if advice.change else None
    return schema.Advice(advice.key, advice.text, change, advice.command)


def _span(analysis: Analysis, rows: tuple[int, int]) -> tuple[int, int]:
    return (analysis.signals.epoch(rows[0]), analysis.signals.epoch(rows[1]))


def _marks(analysis: Analysis) -> list[schema.Mark]:
    marks = [schema.Mark(epoch, "resumed") for epoch in analysis.run.logged.resumed]
    row = analysis.signals.close_mosaic_row
    if row is not None:
        marks.append(schema.Mark(analysis.signals.epoch(row), "mosaic_closed"))
    return marks


def _final(run: Run) -> Optional[dict[str, dict[str, Optional[float]]]]:
    if run.logged.final is None:
        return None
    return {
        group: {name: rounded(value) for (name, value) in named.items()}
        for (group, named) in run.logged.final.items()
    }


def _statistics(analysis: Analysis) -> Iterable[schema.Statistic]:
    """The best/worst/mean/now table: metrics of every group, then the summed losses."""
    history = analysis.run.history
    for group in MAIN_METRICS:
        for name, values in history.metrics.get(group, {}).items():
            yield from _statistic(analysis, group, name, values, higher=True)
    for side, total in (
        ("train", analysis.signals.train_total),
        ("val", analysis.signals.val_total),
    ):
        if total is not None:
            yield from _statistic(analysis, side, "loss", total, higher=False)


def _statistic(
    analysis: Analysis, group: str, name: str, values: Floats, higher: bool
) -> Iterable[schema.Statistic]:
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return
    (high, low) = (int(known[np.argmax(values[known])]), int(known[np.argmin(values[known])]))
    (best, worst) = (high, low) if higher else (low, high)
    yield schema.Statistic(
        group=group,
        name=name,
        better="higher" if higher else "lower",
        best=_extreme(analysis, values, best),
        worst=_extreme(analysis, values, worst),
        mean=rounded(float(values[known].mean())),
        now=_extreme(analysis, values, int(known[-1])),
    )


def _trends(analysis: Analysis) -> Iterable[schema.Trend]:
    """Of every loss component and metric that was measured often enough; none of runs that are short by design."""
    history = analysis.run.history
    groups = {"train": history.train, "val": history.val, **history.metrics}
    for group, named in groups.items() if not analysis.signals.short_by_design else ():
        for name, values in named.items():
            known = np.flatnonzero(np.isfinite(values))
            if len(known) >= EPOCHS_MIN:
                trend = late_trend(values[known])
                (low, high) = trend.interval
                since = analysis.signals.epoch(int(known[trend.first]))
                change = rounded(trend.gain)
                yield schema.Trend(group, name, change, (rounded(low), rounded(high)), since)


def _extreme(analysis: Analysis, values: Floats, row: int) -> schema.Extreme:
    return schema.Extreme(rounded(float(values[row])), analysis.signals.epoch(row))


def config_of(run: Run) -> list[schema.Setting]:
    """The arguments as text, in the order of their files; absolute paths shortened."""
    return [
        schema.Setting(as_text(key), as_text(value), run.argument_file.get(key, ""))
        for (key, value) in run.arguments.items()
    ]
