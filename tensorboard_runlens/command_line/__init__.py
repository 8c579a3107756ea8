"""The commands of ``runlens``, a file each: a module with a ``COMMAND``, and its line in ``COMMANDS``."""

from __future__ import annotations

from tensorboard_runlens.command_line import (
    compare,
    data,
    demo,
    digest,
    evaluate,
    prune,
    report,
    rules,
    scan,
    show,
    threshold,
    watch,
)
from tensorboard_runlens.command_line.command import Command

COMMANDS: tuple[Command, ...] = (
    scan.COMMAND,
    show.COMMAND,
    evaluate.COMMAND,
    threshold.COMMAND,
    compare.COMMAND,
    report.COMMAND,
    watch.COMMAND,
    digest.COMMAND,
    data.COMMAND,
    prune.COMMAND,
    rules.COMMAND,
    demo.COMMAND,
)
"""In the order in which ``runlens --help`` lists them."""
