"""``runlens prune``: which checkpoints of epochs can go; with --yes they go."""

from __future__ import annotations

import argparse
import sys

from tensorboard_runlens.command_line.command import EXIT_DONE, Command, print_json, takes_json
from tensorboard_runlens.command_line.judged import Scanned, scanned
from tensorboard_runlens.housekeeping import plan
from tensorboard_runlens.housekeeping.answer import prune_answer
from tensorboard_runlens.housekeeping.deletion import delete
from tensorboard_runlens.housekeeping.links import targets_below
from tensorboard_runlens.report import prune as report
from tensorboard_runlens.words import count


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logdir", metavar="LOGDIR")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--dry-run", action="store_true", help="only list them: the default")
    either.add_argument("--yes", action="store_true", help="list them, then delete them")
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    found = scanned(call.logdir)
    (planned, notes) = (plan(found.analyses, targets_below(call.logdir)), _notes(found))
    if not call.json:
        print(report.listing(planned, notes))
        sys.stdout.flush()  # where the list cannot be shown, nothing is deleted
    outcomes = delete(call.logdir, planned) if call.yes else None
    if call.json:
        print_json(prune_answer(planned, outcomes, notes))
    elif planned.files:
        print(report.next_line(call.logdir) if outcomes is None else report.outcome(outcomes))
    return EXIT_DONE


def _notes(found: Scanned) -> list[str]:
    unread = len(found.unreadable)
    said = f"{count(unread, 'folder')} could not be read: what a training there started from is not known"
    return [*found.notes, said] if unread else found.notes


COMMAND = Command("prune", "checkpoints of epochs that can go: lists, or deletes", _arguments, _run)
