"""``runlens data``: facts about a data set, and what is wrong with it."""

from __future__ import annotations

import argparse

from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_json,
    takes_json,
)
from tensorboard_runlens.dataset.answer import data_answer
from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.description import NotADataset
from tensorboard_runlens.dataset.facts import Dataset, read_dataset
from tensorboard_runlens.dataset.overlap import compare
from tensorboard_runlens.naming import own_name
from tensorboard_runlens.report import data as data_report

TASKS = ("detect", "segment", "pose", "obb", "classify")
"""That a data set may be for."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", metavar="DATA_YAML")
    parser.add_argument(
        "--against", metavar="OTHER_YAML", help="say what another one shares with it"
    )
    parser.add_argument(
        "--task",
        choices=TASKS,
        help="what it is to be trained for: says whether its labels are of that kind",
    )
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    dataset = _read(call.data)
    other = None if call.against is None else _read(call.against)
    shared = None if other is None else compare(dataset, other)
    faults = check_dataset(dataset, call.task)
    if call.json:
        print_json(data_answer(dataset, faults, other, shared))
    else:
        print(data_report.data(dataset, faults, other, shared))
    return EXIT_DONE


def _read(path: str) -> Dataset:
    try:
        return read_dataset(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such file: {own_name(path)}") from error
    except NotADataset as error:
        raise Unusable("unreadable", f"{own_name(path)}: {error}") from error


COMMAND = Command("data", "a data set: images, labels, classes, and their faults", _arguments, _run)
