"""The report on runs that are compared: who is better, by how much, what else differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Optional

import msgspec

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison import compare
from tensorboard_runlens.comparison.answer import compare_answer
from tensorboard_runlens.comparison.asked import CannotCompare
from tensorboard_runlens.report.comparison import AT, VERDICTS, signed
from tensorboard_runlens.report.document import (
    Bullets,
    Report,
    Row,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.report.pages import pages_of, question
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.schema.compare import CompareAnswer, Difference, Facts
from tensorboard_runlens.words import count, metric_words

COLUMNS = (
    *("run", "baseline", "metric", "at", "delta", "low", "high", "verdict", "detectable"),
    "reason",
)


def comparison_report(subject: Subject, names: Sequence[str]) -> Report:
    """These runs of the subject, the first being the baseline. Raises CannotCompare."""
    known = {one.run.name: one for one in subject.analyses}
    looked = [subject.closer(known[name]) for name in names]
    answer = _compared(dict(zip(names, (analysis for (analysis, _) in looked))))
    title = f"Comparison of {count(len(names), 'run')}, baseline {answer.baseline}"
    asked = question("compare", *(("run", name) for name in names))
    start = {"v": "compare", "runs": msgspec.json.encode(list(names)).decode()}
    rows = Table(COLUMNS, tuple(_flat(answer, one) for one in answer.differences))
    return Report(
        document(title, _sections(answer)),
        rows,
        answer,
        lambda: pages_of(subject, start, looked, {asked: answer}),
    )


def _compared(analyses: Mapping[str, Analysis]) -> CompareAnswer:
    try:
        return compare_answer(compare(analyses))
    except ValueError as error:
        raise CannotCompare(str(error)) from error


def _sections(answer: CompareAnswer) -> Iterator[Section]:
    yield section(
        "Verdicts",
        Bullets(tuple(answer.warnings)),
        Bullets(tuple(_verdicts(answer))),
        _differences(answer),
    )
    yield section("What else differs", Bullets(tuple(_caveats(answer))))
    yield section("The runs in numbers", _facts(answer))
    yield section("Checklist", _checklist(answer))
    yield section("Settings that differ", _config(answer))


def _verdicts(answer: CompareAnswer) -> Iterator[str]:
    for one in answer.said:
        yield from one.sentences


def _caveats(answer: CompareAnswer) -> Iterator[str]:
    yield from (f"{one.run}: {note}" for one in answer.said for note in one.notes)
    yield from (f"All: {note}" for note in answer.notes)


def _differences(answer: CompareAnswer) -> Table:
    columns = ("run", "metric", "at", "difference", "95 % interval", "verdict")
    note = f"Differences from {answer.baseline} in percentage points."
    return Table(columns, tuple(map(_difference, answer.differences)), note)


def _difference(one: Difference) -> Row:
    return (
        one.run,
        metric_words(one.group or "", one.metric),
        AT[one.at].format(one.after),
        None if one.delta is None else signed(one.delta),
        interval_in_points(one.interval),
        VERDICTS[one.verdict],
    )


def interval_in_points(interval: Optional[tuple[float, float]]) -> Optional[str]:
    """-0.4 to +1.2."""
    return None if interval is None else "{} to {}".format(*map(signed, interval))


def _facts(answer: CompareAnswer) -> Table:
    columns = (
        *("run", "model", "training images", "validation images", "image size", "epochs"),
        *("best epoch", "metric", "value", "F1", "confidence", "seconds per epoch"),
    )
    return Table(columns, tuple(map(_fact, answer.facts)))


def _fact(one: Facts) -> Row:
    metric = None if one.metric is None else metric_words(one.group or "", one.metric)
    return (
        *(one.run, one.model, one.n_train, one.n_val, one.imgsz, one.epochs),
        *(one.best_epoch, metric, one.value, one.f1, one.confidence, one.seconds_per_epoch),
    )


def _checklist(answer: CompareAnswer) -> Table:
    columns = ("item", *answer.runs, "ahead", "why")
    return Table(
        columns,
        tuple((one.item, *one.values, one.ahead, one.why) for one in answer.checklist),
    )


def _config(answer: CompareAnswer) -> Table:
    return Table(("argument", *answer.runs), tuple((one.key, *one.values) for one in answer.config))


def _flat(answer: CompareAnswer, one: Difference) -> Row:
    (low, high) = one.interval or (None, None)
    metric = f"{one.group}/{one.metric}" if one.group else one.metric
    return (
        *(one.run, answer.baseline, metric, one.at, one.delta, low, high, one.verdict),
        *(one.detectable, one.reason),
    )
