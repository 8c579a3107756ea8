"""``runlens digest``: what happened to the runs of a logdir since a moment."""

from __future__ import annotations

import argparse
import time

from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_bytes,
    print_json,
    takes_json,
)
from tensorboard_runlens.command_line.judged import Scanned, scanned
from tensorboard_runlens.digest import digest_answer, since
from tensorboard_runlens.naming import own_name
from tensorboard_runlens.report.digest import FORMATS
from tensorboard_runlens.words import count

JSON = "json"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logdir", metavar="LOGDIR")
    parser.add_argument(
        "--since",
        default=since.USUAL,
        metavar="TIME",
        help=f"90m, {since.USUAL} (default), 2d, or a local time such as 2026-11-21T18:00",
    )
    parser.add_argument(
        "--format", choices=("text", "md", "html", JSON), default="text", help="default: text"
    )
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    now = time.time()
    try:
        begin = since.parse(call.since, now)
    except since.NoSuchTime as error:
        raise Unusable("bad_request", f"--since {call.since[:100]}: {error}") from error
    found = scanned(call.logdir)
    answer = digest_answer(
        found.analyses, found.settings, own_name(call.logdir), begin, now, _notes(found)
    )
    if call.json or call.format == JSON:
        print_json(answer)
        return EXIT_DONE
    print_bytes(FORMATS[call.format](answer))
    return EXIT_DONE


def _notes(found: Scanned) -> list[str]:
    unread = len(found.unreadable)
    said = f"{count(unread, 'folder')} could not be read: runlens scan says why."
    return [*found.notes, said] if unread else found.notes


COMMAND = Command(
    "digest",
    "what finished, died, got better and still runs, and what to do now",
    _arguments,
    _run,
)
