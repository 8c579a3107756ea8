"""A run judged once more, with what its checkpoints, recording and pictures tell: too slow for all runs of a logdir."""

from __future__ import annotations

from dataclasses import replace

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.details import Details, look_closer
from tensorboard_runlens.settings import Settings


def closer(analysis: Analysis, settings: Settings) -> tuple[Analysis, Details]:
    """The run with these details. Never raises for what lies in its folder."""
    (run, details) = look_closer(analysis.run)
    if run is not analysis.run:
        analysis = analyse(run, settings, surroundings=analysis.surroundings)
    return (replace(analysis, closer_point=details.operating_point), details)
