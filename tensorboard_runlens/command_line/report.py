"""``runlens report``: a run, a logdir or a comparison as a file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from tensorboard_runlens import answers
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.closer import closer
from tensorboard_runlens.command_line.command import EXIT_DONE, Command, Unusable
from tensorboard_runlens.command_line.judged import looked_at, scanned
from tensorboard_runlens.comparison.asked import CannotCompare
from tensorboard_runlens.comparison.names import names_of
from tensorboard_runlens.naming import own_name, shown
from tensorboard_runlens.report import text
from tensorboard_runlens.report.subject import Subject


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="RUN_DIR|LOGDIR", nargs="+")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="its suffix says the format; - is stdout",
    )
    parser.add_argument(
        "--kind",
        choices=("run", "paper", "reproduction"),
        default="run",
        help="run (default): all there is to say; paper: what a paper needs; reproduction: how to train it again",
    )
    parser.add_argument(
        "--recipe", metavar="RUN_DIR|YAML", help="verify a reproduction against it, item by item"
    )


def _run(call: argparse.Namespace) -> int:
    from tensorboard_runlens.report import kinds, output, recipe

    try:
        form = output.format_of(call.output)
        output.check(call.output)
        (subject, names) = _subject(call.paths)
        made = kinds.report(
            call.kind, subject, names, recipe.read_recipe(call.recipe) if call.recipe else None
        )
        written = output.write(made, call.output, form)
    except (output.CannotWrite, kinds.NoSuchReport, recipe.NotARecipe, CannotCompare) as error:
        raise Unusable("bad_request", str(error)) from error
    for path in written:
        print(text.printable(shown(path)))
    return EXIT_DONE


def _subject(paths: Sequence[str]) -> tuple[Subject, list[str]]:
    """(what a report is about, the runs that were named): several runs, one, or all of a logdir."""
    if len(paths) == 1 and not _is_run(paths[0]):
        return (_of_logdir(paths[0]), [])
    looked = [looked_at(path)[:2] for path in paths]
    names = names_of([analysis.run for (analysis, _) in looked])
    named = [
        replace(analysis, run=replace(analysis.run, name=name))
        for (name, (analysis, _)) in zip(names, looked)
    ]
    details = {name: one[1] for (name, one) in zip(names, looked)}
    return (
        Subject(own_name(paths[0]), named, lambda one: (one, details[one.run.name])),
        list(names),
    )


def _is_run(path: str) -> bool:
    try:
        open_run(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such folder: {own_name(path)}") from error
    except NotARun:
        return False
    return True


def _of_logdir(logdir: str) -> Subject:
    found = scanned(logdir)
    settings = found.settings
    return Subject(
        own_name(logdir),
        answers.best_first(found.analyses),
        lambda one: closer(one, settings),
        found.unreadable,
        found.notes,
        settings.baseline,
        lambda rule: settings.limits.get(rule, {}),
    )


COMMAND = Command(
    "report",
    "a run, a logdir or a comparison as a file: md, html, json, csv, tex",
    _arguments,
    _run,
)
