"""What a command is, how it refuses, and what it prints as JSON."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Callable

import msgspec

from tensorboard_runlens import answers, schema

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_UNUSABLE = 2


class Unusable(Exception):
    """The call or the data cannot be used: an error code of the schema and a sentence."""

    def __init__(self, code: schema.ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Command:
    """``arguments`` adds what it takes to its parser, ``run`` does it and returns the exit code, or raises Unusable."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def takes_json(parser: argparse.ArgumentParser) -> None:
    """The option that every command with an answer has."""
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def print_json(answer: msgspec.Struct) -> None:
    """In a line."""
    print_bytes(answers.encode(answer) + b"\n")


def print_bytes(content: bytes) -> None:
    """As they are, whatever the terminal's own encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
