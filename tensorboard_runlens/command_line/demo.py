"""``runlens demo``: sample runs, and TensorBoard on them."""

from __future__ import annotations

import argparse

from tensorboard_runlens.command_line.command import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=6006, help="TensorBoard's port; 0 takes a free one"
    )


def _run(call: argparse.Namespace) -> int:
    from tensorboard_runlens import demo

    return demo.serve(call.port)


COMMAND = Command(
    "demo", "sample runs in a temporary folder, and TensorBoard on them", _arguments, _run
)
