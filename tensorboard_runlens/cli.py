"""The command line; what it says is what the tab says. Each command is a file of command_line/.

Exit codes: 0 done, 1 findings reached --fail-on, 2 the call or the data was unusable (one line on
stderr says why).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Optional

from tensorboard_runlens import __version__, answers
from tensorboard_runlens.command_line import COMMANDS
from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    EXIT_UNUSABLE,
    Unusable,
    print_json,
)
from tensorboard_runlens.report import text


class _Parser(argparse.ArgumentParser):
    """Reports a wrong call like any other error, so that --json answers in JSON then too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise Unusable("bad_request", f"{message} (runlens --help)")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # names come in every script, terminals do not
    try:
        call = parser().parse_args(given)
        return int(call.run_command(call))
    except Unusable as error:
        return _refuse(given, error)
    except BrokenPipeError:
        # The reader of a pipe has gone (| head): nothing is wrong. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    except KeyboardInterrupt:
        return _refuse(given, Unusable("internal", "interrupted"))
    except Exception as error:  # a bug of ours, said in one line like any other failure
        return _refuse(
            given, Unusable("internal", f"RunLens failed: {type(error).__name__}: {error}")
        )


def _refuse(given: Sequence[str], error: Unusable) -> int:
    if _wants_json(given):
        print_json(answers.error_answer(error.code, str(error)))
    print(f"runlens: {text.printable(str(error))}", file=sys.stderr)
    return EXIT_UNUSABLE


def _wants_json(given: Sequence[str]) -> bool:
    """Also of a call that could not be parsed; the digest has a second way to say so."""
    pairs = list(zip(given, given[1:]))
    return "--json" in given or "--format=json" in given or ("--format", "json") in pairs


def parser() -> argparse.ArgumentParser:
    """Of all commands."""
    whole = _Parser(
        prog="runlens", description="Reads training runs and says what is wrong with them."
    )
    whole.add_argument("--version", action="version", version=f"runlens {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help)
        command.arguments(one)
        one.set_defaults(run_command=command.run)
    return whole


if __name__ == "__main__":
    sys.exit(main())
