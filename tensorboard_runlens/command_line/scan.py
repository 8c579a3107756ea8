"""``runlens scan``: every run under a logdir, best first."""

from __future__ import annotations

import argparse

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import SEVERITIES, Analysis, level_of
from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    EXIT_FINDINGS,
    Command,
    print_json,
    takes_json,
)
from tensorboard_runlens.command_line.judged import scanned
from tensorboard_runlens.report import text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logdir", metavar="LOGDIR")
    takes_json(parser)
    parser.add_argument(
        "--fail-on", choices=SEVERITIES, help="exit 1 when a finding is at least this severe"
    )


def _run(call: argparse.Namespace) -> int:
    found = scanned(call.logdir)
    if call.json:
        print_json(answers.scan_answer(found.analyses, found.unreadable))
    else:
        print(text.scan(answers.best_first(found.analyses), found.unreadable, found.notes))
    reached = call.fail_on and _reaches(found.analyses, call.fail_on)
    return EXIT_FINDINGS if reached else EXIT_DONE


def _reaches(analyses: list[Analysis], level: str) -> bool:
    """Whether any finding is at least this severe; those of low confidence do not count."""
    return any(
        finding.confidence != "low" and level_of(finding) >= SEVERITIES.index(level)
        for analysis in analyses
        for finding in analysis.findings
    )


COMMAND = Command("scan", "every run under a logdir, best first, with its health", _arguments, _run)
