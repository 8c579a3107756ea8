"""``runlens threshold``: the confidence to deploy with."""

from __future__ import annotations

import argparse

import msgspec

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_json,
    takes_json,
)
from tensorboard_runlens.command_line.judged import opened
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import UnknownGroup, UnknownObjective, study
from tensorboard_runlens.details import closer_run
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.report import threshold as threshold_report
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.settings import nearest
from tensorboard_runlens.thresholds.of_run.validations import GROUPS
from tensorboard_runlens.words import first_of

MAX_NAMED = 10
"""Classes that are named to somebody who named another."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN_DIR")
    parser.add_argument(
        "--objective",
        default="f1",
        metavar="NAME",
        help="f1 (default), f0.5, f2, precision@P, recall@R, cost@A:B (a wrong one : a missed one)",
    )
    parser.add_argument("--class", dest="class_name", metavar="NAME", help="one class only")
    parser.add_argument("--group", choices=GROUPS, help="default: masks and keypoints before boxes")
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    analysis = analyse(closer_run(opened(call.run)), nearest(call.run))
    try:
        answer = threshold_answer(analysis, study(analysis, call.objective, call.group))
    except (UnknownObjective, UnknownGroup) as error:
        raise Unusable("bad_request", str(error)) from error
    if call.class_name is not None:
        answer = _of_class(answer, call.class_name)
    if call.json:
        print_json(answer)
    else:
        print(threshold_report.threshold(answer))
    return EXIT_DONE


def _of_class(answer: ThresholdAnswer, wanted: str) -> ThresholdAnswer:
    """The answer with the lines of one class only."""
    lines = [line for line in answer.classes if line.name == without_absolute_paths(wanted)]
    if not lines:
        raise Unusable("bad_request", f"no class called {wanted[:100]}: {_known_classes(answer)}")
    return msgspec.structs.replace(answer, classes=lines)


def _known_classes(answer: ThresholdAnswer) -> str:
    names = [line.name for line in answer.classes]
    if not names:
        return "nothing is known of this run's single classes"
    return f"there are {first_of(names, MAX_NAMED)}"


COMMAND = Command(
    "threshold", "the confidence to deploy with, and how sure that is", _arguments, _run
)
