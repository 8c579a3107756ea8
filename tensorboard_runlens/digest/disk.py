"""What of the logdir's checkpoints could be deleted, as ``runlens prune`` plans it."""

from __future__ import annotations

from collections.abc import Sequence

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.housekeeping import RunPlan, plan
from tensorboard_runlens.schema.digest import Disk, Freeable
from tensorboard_runlens.words import count, file_size

MAX_RUNS = 20
"""Runs that are named, those with the most bytes; the sums are of all."""


def disk(analyses: Sequence[Analysis]) -> Disk:
    """Of all runs of the logdir: a snapshot that another run started from stays."""
    planned = plan(analyses)
    runs = sorted(map(_freeable, planned.runs), key=lambda one: -one.bytes)
    said = f"{file_size(planned.bytes)} in {count(planned.files, 'checkpoint')} can go."
    return Disk(planned.files, planned.bytes, runs[:MAX_RUNS], said if planned.files else None)


def _freeable(one: RunPlan) -> Freeable:
    return Freeable(one.run, len(one.files), sum(file.bytes for file in one.files))
