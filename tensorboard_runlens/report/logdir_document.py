"""The report on a logdir: its runs by the data they were validated on, the best first, and what to do about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import SEVERITIES
from tensorboard_runlens.comparison.against import against_answer, teller
from tensorboard_runlens.data_groups import IMAGES, NAMED, UNKNOWN, DataGroup, data_groups
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.report.comparison import VERDICTS, signed
from tensorboard_runlens.report.comparison_document import interval_in_points
from tensorboard_runlens.report.document import (
    Bullets,
    Report,
    Row,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.report.pages import MAX_RUNS_IN_DETAIL, pages_of
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.schema import Against, Run, ScanAnswer
from tensorboard_runlens.words import count, metric_words

COLUMNS = (
    *("name", "task", "framework", "state", "health", "rule", "epochs", "planned", "best_epoch"),
    *("metric", "value", "precision", "recall", "f1", "confidence", "seconds", "n_train", "n_val"),
    *("fingerprint", "headline"),
)
"""Of the flat table."""

NOTES = {
    IMAGES: "These runs validated the same images.",
    NAMED: "These runs name the same data; whether they validated the same images is not known.",
    UNKNOWN: "What these runs were validated on is not known: the order is no ranking.",
}
"""How the data of a group are known, in words."""


def logdir_report(subject: Subject) -> Report:
    """Every run of the subject."""
    answer = answers.scan_answer(subject.analyses, subject.unreadable)
    return Report(
        document(f"Training runs in {subject.name}", _sections(subject, answer)),
        Table(COLUMNS, tuple(map(_flat, answer.runs))),
        answer,
        lambda: pages_of(
            subject, {}, list(map(subject.closer, subject.analyses[:MAX_RUNS_IN_DETAIL])), {}
        ),
    )


def _sections(subject: Subject, answer: ScanAnswer) -> Iterator[Section]:
    yield section("In short", Bullets(tuple(_in_short(answer, subject.notes))))
    runs = {run.name: run for run in answer.runs}
    for group in data_groups(subject.analyses):
        yield section(_heading(group), _ranking([runs[name] for name in group.runs], group))
    yield section("Against the baseline", _against(subject))
    yield section("What to do", _steps(answer.runs))
    yield section("Findings", _findings(answer.runs))
    yield section(
        "What could not be read",
        Bullets(tuple(f"{one.path}: {one.reason}" for one in answer.unreadable)),
    )


def _in_short(answer: ScanAnswer, notes: Sequence[str]) -> Iterator[str]:
    levels = [str(run.health.level) for run in answer.runs]
    alarms = [f"{levels.count(level)} {level}" for level in reversed(SEVERITIES)]
    yield f"{count(len(levels), 'run')}: {', '.join(alarms)}, {levels.count('ok')} ok."
    yield from notes


def _heading(group: DataGroup) -> str:
    label = without_absolute_paths(group.label)
    return f"{label}: {count(len(group.runs), 'run')}"


def _ranking(runs: Sequence[Run], group: DataGroup) -> Table:
    columns = ("run", "metric", "value", "F1", "confidence", "epochs", "best", "state", "health")
    return Table(
        columns, tuple(map(_ranked, runs)), NOTES[group.data.known] if len(runs) > 1 else ""
    )


def _against(subject: Subject) -> Table:
    """Every run against the one that runlens.yaml sets; none where it sets no run."""
    columns = ("run", "difference (points)", "95 % interval", "verdict", "why")
    baseline = next((one for one in subject.analyses if one.run.name == subject.baseline), None)
    if baseline is None:
        return Table(columns, ())
    answer = against_answer(baseline.run.name, subject.analyses, teller(baseline))
    note = f"The baseline is {baseline.run.name}."
    return Table(columns, tuple(map(_difference, answer.runs)), note)


def _difference(one: Against) -> Row:
    delta = None if one.delta is None else signed(one.delta)
    return (one.run, delta, interval_in_points(one.interval), VERDICTS[one.verdict], one.reason)


def _ranked(run: Run) -> Row:
    main = run.main_metric
    return (
        run.name,
        None if main is None else metric_words(main.group, main.name),
        None if main is None else main.value,
        _at_best(run, "f1"),
        run.operating_point.confidence,
        run.epochs.logged,
        run.epochs.best,
        run.state.replace("_", " "),
        run.health.level.replace("_", " "),
    )


def _at_best(run: Run, name: str) -> Optional[float]:
    """At the best epoch, as the tab shows it; what is reached at the confidence is in the run's own report."""
    main = run.main_metric
    return None if main is None else run.metrics.get(main.group, {}).get(name)


def _steps(runs: Sequence[Run]) -> Table:
    return Table(("run", "how it stands and what to do"), tuple((r.name, r.headline) for r in runs))


def _findings(runs: Sequence[Run]) -> Table:
    """How many runs a rule fired on, the most frequent first."""
    fired = Counter(rule for run in runs for rule in {one.rule for one in run.findings})
    return Table(("rule", "runs"), tuple(fired.most_common()))


def _flat(run: Run) -> Row:
    """A row of the flat table."""
    (main, data) = (run.main_metric, run.dataset)
    return (
        *(run.name, run.task, run.framework, run.state, run.health.level, run.health.rule),
        *(run.epochs.logged, run.epochs.planned, run.epochs.best),
        None if main is None else f"{main.group}/{main.name}",
        None if main is None else main.value,
        *(_at_best(run, name) for name in ("precision", "recall", "f1")),
        run.operating_point.confidence,
        *(run.time.seconds, data.n_train, data.n_val, data.fingerprint, run.headline),
    )
