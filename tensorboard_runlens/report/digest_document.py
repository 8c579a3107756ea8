"""The morning digest as a document: what happened since a moment, and what to do now. Times are this machine's."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Optional, Union

from tensorboard_runlens.digest.window import Window
from tensorboard_runlens.report.document import (
    Block,
    Bullets,
    Code,
    Paragraph,
    Report,
    Section,
    Table,
    document,
    section,
)
from tensorboard_runlens.schema.digest import (
    Died,
    DigestAnswer,
    Finished,
    Idle,
    NextCommand,
    StillRunning,
)

COLUMNS = ("section", "what")
"""Of the flat table."""

MAX_ITEMS = 10
"""Of a section: each takes two or three lines of a terminal, and every section has the most important first."""


def digest_report(answer: DigestAnswer) -> Report:
    """For the formats of every other report; the tab has no page about this."""
    sections = list(sections_of(answer))
    items = [
        (one.heading, item)
        for one in sections
        for block in one.blocks
        if isinstance(block, Bullets)
        for item in block.items
    ]
    title = f"Digest of {answer.logdir}"
    return Report(document(title, sections), Table(COLUMNS, tuple(items)), answer)


def sections_of(answer: DigestAnswer) -> Iterator[Section]:
    """The headline, then a section for each part that has something to say."""
    window = Window(answer.since, answer.until)
    yield section("In short", Paragraph(answer.headline), Paragraph(_span(answer)))
    yield _section("Finished", (_finished(one, window) for one in answer.finished))
    yield _section("Died", (_died(one, window) for one in answer.died))
    yield _section(
        f"Better than {answer.baseline}", (f"{one.run}: {one.said}" for one in answer.improved)
    )
    yield _section("Running", (_running(one, window) for one in answer.running))
    yield _section("Idle", (_idle(one, window) for one in answer.idle))
    yield _section("Disk", [answer.disk.said] if answer.disk.said else [])
    yield section("What to do now", *_next(answer.next))
    yield _section("Notes", answer.notes)


def _section(heading: str, items: Iterable[str]) -> Section:
    said = tuple(items)
    return section(heading, Bullets((*said[:MAX_ITEMS], *_more(len(said)))))


def _more(items: int) -> Iterator[str]:
    if items > MAX_ITEMS:
        yield f"{items - MAX_ITEMS} more: runlens digest --format json has them all."


def _span(answer: DigestAnswer) -> str:
    """With both days: a digest may be read long after it was made."""
    (since, until) = (
        time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))
        for moment in (answer.since, answer.until)
    )
    return f"From {since} to {until}."


def _finished(one: Finished, window: Window) -> str:
    own = [*(f"[{tag}]" for tag in one.tags), *([f"Your note: {one.note}"] if one.note else [])]
    return " ".join([f"{one.run}{_at(one, window)}: {one.said}", *own])


def _died(one: Died, window: Window) -> str:
    return f"{one.run}{_at(one, window)}: {one.said}"


def _at(one: Union[Finished, Died], window: Window) -> str:
    return "" if one.at is None else f", {window.clock(one.at)}"


def _running(one: StillRunning, window: Window) -> str:
    ends = "" if one.ends is None else f" Ends about {window.clock(one.ends)}."
    place = "" if one.standing is None else f" {_sentence(one.standing.said)}"
    return f"{one.run}: {one.said}{ends}{place}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _idle(one: Idle, window: Window) -> str:
    since = window.clock(one.since)
    when = f"since {since}" if one.until is None else f"{since} to {window.clock(one.until)}"
    return f"{when}: {one.said}"


def _next(commands: Sequence[NextCommand]) -> Iterator[Block]:
    """Each with its line to copy below it."""
    for one in commands[:MAX_ITEMS]:
        yield Bullets((_said(one.run, one.said),))
        if one.command is not None:
            yield Code(one.command)
    for said in _more(len(commands)):
        yield Bullets((said,))


def _said(run: Optional[str], said: str) -> str:
    return said if run is None else f"{run}: {said}"
