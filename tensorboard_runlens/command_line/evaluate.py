"""``runlens evaluate``: best.pt validated again."""

from __future__ import annotations

import argparse

from tensorboard_runlens.command_line.command import (
    EXIT_DONE,
    Command,
    Unusable,
    print_json,
    takes_json,
)
from tensorboard_runlens.report import text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN_DIR")
    parser.add_argument(
        "--data", metavar="DATA_YAML", help="the data set; otherwise runlens.yaml or the run says"
    )
    parser.add_argument(
        "--split", choices=("val", "test"), help="otherwise val, and test where there is one"
    )
    parser.add_argument("--device", help="cpu, 0, mps ... as Ultralytics takes it")
    takes_json(parser)


def _run(call: argparse.Namespace) -> int:
    from tensorboard_runlens import evaluation

    try:
        found = evaluation.evaluate(call.run, call.data, call.split, call.device)
    except evaluation.NotThere as error:
        raise Unusable("not_found", str(error)) from error
    except evaluation.CannotEvaluate as error:
        raise Unusable("unreadable", str(error)) from error
    except KeyboardInterrupt as error:
        raise Unusable("internal", "interrupted") from error
    if call.json:
        print_json(evaluation.answer(*found))
    else:
        print("\n".join(map(text.printable, evaluation.lines(found[1], call.run))))
    return EXIT_DONE


COMMAND = Command(
    "evaluate",
    "validates best.pt again and keeps every detection (needs ultralytics)",
    _arguments,
    _run,
)
