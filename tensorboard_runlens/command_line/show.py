"""``runlens show``: one run with its state, numbers and findings."""

from __future__ import annotations

import argparse

from tensorboard_runlens import answers
from tensorboard_runlens.command_line.command import EXIT_DONE, Command, print_json, takes_json
from tensorboard_runlens.command_line.judged import looked_at
from tensorboard_runlens.report import text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN_DIR")
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    (analysis, details, notes) = looked_at(call.run)
    if call.json:
        print_json(answers.show_answer(analysis, details))
    else:
        print(text.show(analysis, details, notes))
    return EXIT_DONE


COMMAND = Command("show", "one run: state, numbers, findings", _arguments, _run)
