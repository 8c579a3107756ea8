"""A plan, and what became of it, as the JSON structs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.housekeeping.deletion import Outcome
from tensorboard_runlens.housekeeping.planned import Plan
from tensorboard_runlens.schema import SCHEMA_VERSION
from tensorboard_runlens.schema.prune import KeptCheckpoints, PruneAnswer, PrunedFile


def prune_answer(
    plan: Plan, outcomes: Optional[Sequence[Outcome]], notes: Sequence[str]
) -> PruneAnswer:
    """``outcomes`` are None where nothing was to be deleted yet."""
    files = [_file(one) for one in outcomes] if outcomes is not None else _listed(plan)
    return PruneAnswer(
        True,
        SCHEMA_VERSION,
        dry_run=outcomes is None,
        files=files,
        bytes=plan.bytes,
        freed=sum(one.bytes for one in files if one.deleted),
        kept=[KeptCheckpoints(one.run, list(one.files), one.why) for one in plan.kept],
        notes=list(notes),
    )


def _file(outcome: Outcome) -> PrunedFile:
    (file, refused) = (outcome.file, outcome.refused)
    return PrunedFile(outcome.run, file.path, file.bytes, refused is None, refused)


def _listed(plan: Plan) -> list[PrunedFile]:
    return [
        PrunedFile(run.run, file.path, file.bytes, False, None)
        for run in plan.runs
        for file in run.files
    ]
