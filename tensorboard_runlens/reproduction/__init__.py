"""What it takes to train a run once more: its arguments beside the defaults, the command, the machine, what to verify,
and where its weights came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.reproduction.checks import Check, checks_of
from tensorboard_runlens.reproduction.command import Command, command_of
from tensorboard_runlens.reproduction.environment import Fact, environment_of
from tensorboard_runlens.reproduction.lineage import Ancestor, lineage_of
from tensorboard_runlens.reproduction.settings import Setting, settings_of

__all__ = ["Ancestor", "Check", "Command", "Fact", "Reproduction", "Setting", "of_run"]


@dataclass(frozen=True)
class Reproduction:
    """``lineage`` has the nearest weights first."""

    settings: tuple[Setting, ...]
    command: Command
    environment: tuple[Fact, ...]
    checks: tuple[Check, ...]
    lineage: tuple[Ancestor, ...]


def of_run(
    analysis: Analysis, details: Details = NO_DETAILS, beside: Sequence[Analysis] = ()
) -> Reproduction:
    """All of it for one run; ``beside`` are the other runs of its logdir."""
    settings = settings_of(analysis)
    return Reproduction(
        settings=settings,
        command=command_of(analysis.run, settings),
        environment=environment_of(analysis.run, details),
        checks=checks_of(analysis, details),
        lineage=lineage_of(analysis, beside),
    )
