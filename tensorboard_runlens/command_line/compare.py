"""``runlens compare``: runs against each other."""

from __future__ import annotations

import argparse
import os

from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_json,
    takes_json,
)
from tensorboard_runlens.command_line.judged import looked_at
from tensorboard_runlens.comparison.asked import CannotCompare
from tensorboard_runlens.comparison.names import names_of
from tensorboard_runlens.settings import nearest


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN_DIR", nargs="+", help="the first is the baseline")
    parser.add_argument(
        "--baseline", metavar="NAME", help="numbers from runlens.yaml to compare with instead"
    )
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    from tensorboard_runlens.comparison.answer import compare_answer
    from tensorboard_runlens.comparison.asked import asked
    from tensorboard_runlens.report import comparison as comparison_report

    settings = nearest(call.runs[0])
    try:
        wanted = asked([os.path.abspath(path) for path in call.runs], call.baseline, settings)
        first = [] if wanted.run is None else [os.path.join(settings.folder, wanted.run)]
        analyses = [looked_at(path)[0] for path in (*first, *call.runs)]
        names = names_of([analysis.run for analysis in analyses])
        if len(set(names)) < len(names):
            raise CannotCompare("a run is named twice")
        answer = compare_answer(wanted.compare(dict(zip(names, analyses))))
    except CannotCompare as error:
        raise Unusable("bad_request", str(error)) from error
    if call.json:
        print_json(answer)
    else:
        print(comparison_report.comparison(answer))
    return EXIT_DONE


COMMAND = Command(
    "compare",
    "which run is better, by how much, and whether that can be said at all",
    _arguments,
    _run,
)
