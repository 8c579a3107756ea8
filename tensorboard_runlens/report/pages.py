"""What the tab's own pages would be told, kept in a file: answers by the question, pictures as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from tensorboard_runlens import answers, pictures, schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.rule import rule_answer
from tensorboard_runlens.comparison.against import against_answer, teller
from tensorboard_runlens.confusion.recorded import confusion_of
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import study
from tensorboard_runlens.details import Details
from tensorboard_runlens.folder import FileRefused
from tensorboard_runlens.report.subject import Subject
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.words import count

MAX_RUNS_IN_DETAIL = 20
"""Runs of a logdir that can be opened in a report: those that anybody would look at, best first."""

MAX_ANSWER_BYTES = 24 * 2**20
"""Of all answers together: browsers open a file of 40 MB in seconds, mail servers do not take it."""

MAX_PICTURE_BYTES = 8 * 2**20
"""Of all pictures together; in the file they are a third larger."""

MAX_PICTURES = 300
"""Pictures that are tried: those that fill the room have 30 KB or more."""

Looked = tuple[Analysis, Details]


@dataclass(frozen=True)
class Pages:
    """``start`` is the place where the report opens, ``answers`` are JSON by the question that the page asks, and
    ``pictures`` (media type, bytes) too. ``left_out`` says in sentences what is not there."""

    start: Mapping[str, str]
    answers: Mapping[str, bytes]
    pictures: Mapping[str, tuple[str, bytes]]
    left_out: Sequence[str]


def pages_of(
    subject: Subject,
    start: Mapping[str, str],
    runs: Sequence[Looked],
    more: Mapping[str, msgspec.Struct],
) -> Pages:
    """The Runs page of the subject, the pages of these ``runs``, the best first, and ``more`` answers by question."""
    found = {question: answers.encode(answer) for (question, answer) in more.items()}
    found[question("table")] = answers.encode(_table(subject))
    found.update(_against(subject))
    found.update(_rules(subject, [analysis for (analysis, _) in runs[:MAX_RUNS_IN_DETAIL]]))
    detailed: list[Analysis] = []
    for analysis, details in runs[:MAX_RUNS_IN_DETAIL]:
        own = dict(_of_run(analysis, details, subject.analyses))
        if sum(map(len, [*found.values(), *own.values()])) > MAX_ANSWER_BYTES:
            break
        found.update(own)
        detailed.append(analysis)
    (kept, dropped) = _pictures(detailed)
    return Pages(start, found, kept, list(_left_out(subject, len(detailed), dropped)))


def question(route: str, *asked: tuple[str, str]) -> str:
    """The address that the page asks."""
    return f"./{route}?{urlencode(asked)}" if asked else f"./{route}"


def _of_run(
    analysis: Analysis, details: Details, beside: Sequence[Analysis]
) -> Iterator[tuple[str, bytes]]:
    name = ("run", analysis.run.name)
    yield (question("run", name), answers.encode(answers.show_answer(analysis, details, beside)))
    first = threshold_answer(analysis, study(analysis, "f1", None))
    yield (question("threshold", name), answers.encode(first))
    for group in first.groups:
        answer = threshold_answer(analysis, study(analysis, "f1", group))
        yield (question("threshold", name, ("group", group)), answers.encode(answer))
    yield (question("confusion", name), answers.encode(confusion_of(analysis)))


def _against(subject: Subject) -> Iterator[tuple[str, bytes]]:
    """How all runs stand to the baseline that is set."""
    for one in subject.analyses:
        if one.run.name == subject.baseline:
            answer = against_answer(one.run.name, subject.analyses, teller(one))
            yield (question("against", ("baseline", one.run.name)), answers.encode(answer))


def _rules(subject: Subject, analyses: Sequence[Analysis]) -> Iterator[tuple[str, bytes]]:
    """The rules that fired in their own words."""
    fired = {finding.rule for analysis in analyses for finding in analysis.findings}
    for rule in all_rules():
        if rule.id in fired:
            answer = rule_answer(rule, subject.limits(rule.id))
            yield (question("rule", ("id", rule.id)), answers.encode(answer))


def _pictures(
    analyses: Sequence[Analysis],
) -> tuple[dict[str, tuple[str, bytes]], int]:
    """(pictures by question as far as there is room, how many are left out)."""
    found: dict[str, tuple[str, bytes]] = {}
    (room, dropped) = (MAX_PICTURE_BYTES, 0)
    asked = [
        (run.name, picture.id, load)
        for (run, load) in ((one.run, pictures.loader(one.run)) for one in analyses)
        for picture in pictures.pictures_of(run)
    ]
    for name, wanted, load in asked[:MAX_PICTURES]:
        try:
            (content, mimetype) = load(wanted)
        except FileRefused:
            continue  # the page says of it what it says in the tab
        if len(content) > room:
            dropped += 1
            continue
        room -= len(content)
        found[question("image", ("run", name), ("id", wanted))] = (mimetype, content)
    return (found, dropped + len(asked[MAX_PICTURES:]))


def _left_out(subject: Subject, detailed: int, dropped: int) -> Iterator[str]:
    missing = len(subject.analyses) - detailed
    if missing:
        yield f"{count(detailed, 'run')} can be opened, {missing} are in the table only."
    if dropped:
        yield f"{count(dropped, 'picture')} are left out: the file would be too large."


def _table(subject: Subject) -> schema.TableAnswer:
    total = len(subject.analyses)
    return answers.table_answer(
        subject.name,
        schema.Progress(total, total, True),
        list(subject.notes),
        subject.baseline,
        subject.analyses,
        subject.unreadable,
    )
