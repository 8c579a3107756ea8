"""The report on one run: the verdict, what to do, the numbers with their intervals, how it was trained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import study
from tensorboard_runlens.report.charts import figures
from tensorboard_runlens.report.document import (
    Block,
    Bullets,
    Cell,
    Code,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.report.pages import pages_of
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.schema import ClassLine, DetailedRun, Finding, Run
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration, metric_words, release_words


def run_report(subject: Subject, analysis: Analysis) -> Report:
    """One run in full."""
    (looked, details) = subject.closer(analysis)
    answer = answers.show_answer(looked, details, subject.analyses)
    threshold = threshold_answer(looked, study(looked, "f1", None))
    run = answer.run
    start = {"v": "run", "run": run.name}
    return Report(
        document(f"Training run {run.name}", _sections(run, threshold)),
        by_epoch(run),
        answer,
        lambda: pages_of(subject, start, [(looked, details)], {}),
    )


def _sections(run: DetailedRun, threshold: ThresholdAnswer) -> Iterator[Section]:
    yield section("Verdict", Paragraph(run.headline), facts(run), _questions(run))
    yield section("Findings and what to do", *_findings(run))
    yield section("Metrics at the best epoch", metrics(run))
    yield section("Confidence to deploy with", *_confidence(threshold))
    yield section("Classes", classes(run))
    yield section("Charts", *figures(run, threshold))
    yield section("Use it", Code("\n".join(run.commands)))
    yield section("Settings", settings(run))
    yield section("What could not be read or judged", _troubles(run))


def facts(run: Run) -> Table:
    """What stands at the head of its page."""
    (epochs, data, time) = (run.epochs, run.dataset, run.time)
    rows: list[tuple[str, Cell]] = [
        ("state", run.state.replace("_", " ")),
        *([("broke off", run.ended.replace("_", " "))] if run.ended else []),
        ("task", run.task),
        ("written by", _program(run)),
        (f"{run.axis}s", epochs.logged),
        (f"planned {run.axis}s", epochs.planned),
        (f"best {run.axis}", epochs.best),
        ("weights to use", run.weights.use or "none in this folder"),
        ("why these", run.weights.why),
        ("training images", data.n_train),
        ("validation images", data.n_val),
        ("classes", data.n_classes),
        (
            "training time",
            None if time.seconds is None else duration(time.seconds / SECONDS_AN_HOUR),
        ),
    ]
    return Table(("fact", "value"), tuple(row for row in rows if row[1] is not None))


def _program(run: Run) -> str:
    words = release_words(run.version.min, run.version.max) if run.version else None
    return run.framework if words is None else f"{run.framework} {words}"


def _questions(run: DetailedRun) -> Bullets:
    return Bullets(tuple(f"{one.question} {one.answer}" for one in run.questions))


def _findings(run: DetailedRun) -> Iterator[Block]:
    yield Table(
        ("severity", "confidence", "rule", "finding"),
        tuple((one.severity, one.confidence, one.rule, one.summary) for one in run.findings),
    )
    yield Bullets(tuple(step for one in run.findings for step in _steps(one)))


def _steps(finding: Finding) -> Iterator[str]:
    for advice in finding.advice:
        change = advice.change
        told = "" if change is None else f" ({change.arg}: {change.before} to {change.after})"
        command = "" if not advice.command else f" {advice.command}"
        yield f"{finding.rule}: {advice.text}{told}{command}"


def metrics(run: Run) -> Table:
    """A line a metric, fractions."""
    return Table(
        ("metric", "value"),
        tuple(
            (metric_words(group, name), value)
            for (group, named) in run.metrics.items()
            for (name, value) in named.items()
        ),
    )


def _confidence(threshold: ThresholdAnswer) -> Iterator[Block]:
    point = threshold.operating_point
    if point.confidence is None:
        yield Paragraph(threshold.reason)
        return
    yield Paragraph(f"{point.confidence:.3g}, {threshold.validated}; {threshold.sure}.")
    passings = (("chosen", threshold.at), ("default", threshold.usual), ("knee", threshold.knee))
    yield Table(
        ("cut", "confidence", "F1", "precision", "recall"),
        tuple(
            (name, one.confidence, one.f1, one.precision, one.recall)
            for (name, one) in passings
            if one is not None
        ),
        _interval_note(threshold),
    )


def _interval_note(threshold: ThresholdAnswer) -> str:
    (interval, images) = (threshold.value_interval, threshold.images)
    if interval is None:
        return ""
    of = "" if images is None else f" ({images} validation images)"
    return f"F1 on other images of the kind: {interval[0]:.3f} to {interval[1]:.3f}, 95 %{of}."


def classes(run: DetailedRun) -> Table:
    """A line a class with the 95 % interval that its instances allow."""
    named = dict.fromkeys(
        (group, name)
        for line in run.classes
        for (group, values) in line.metrics.items()
        for name in values
    )
    columns = ("class", "instances", *(metric_words(*one) for one in named))
    rows = tuple(
        (line.name, line.instances, *(_with_interval(line, *one) for one in named))
        for line in run.classes
    )
    few = any(line.unreliable for line in run.classes)
    note = "Classes with few instances: read the interval, not the value." if few else ""
    return Table(columns, rows, note)


def _with_interval(line: ClassLine, group: str, name: str) -> Cell:
    value = line.metrics.get(group, {}).get(name)
    interval = line.intervals.get(group, {}).get(name)
    if value is None or interval is None:
        return value
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def settings(run: DetailedRun) -> Table:
    """Every argument as its file states it."""
    return Table(
        ("argument", "value", "file"), tuple((one.key, one.value, one.file) for one in run.config)
    )


def _troubles(run: Run) -> Bullets:
    read = (f"{one.file}{_line(one.line)}: {one.problem}" for one in run.problems)
    judged = (f"rule {one.rule} failed: {one.error}" for one in run.failed_rules)
    return Bullets((*read, *judged))


def _line(number: Optional[int]) -> str:
    return "" if number is None else f" line {number}"


def by_epoch(run: DetailedRun) -> Table:
    """A row an epoch, every series a column, under the names of --json."""
    series = run.series
    columns = {
        **{f"train/{name}": values for (name, values) in series.train.items()},
        **{f"val/{name}": values for (name, values) in series.val.items()},
        **{
            f"{group}/{name}": values
            for (group, named) in series.metrics.items()
            for (name, values) in named.items()
        },
        **{f"lr/{name}": values for (name, values) in series.lr.items()},
        **({} if series.seconds is None else {"seconds": series.seconds}),
    }
    rows: Iterator[Row] = zip(series.epoch, *columns.values())
    return Table((run.axis, *columns), tuple(rows))
