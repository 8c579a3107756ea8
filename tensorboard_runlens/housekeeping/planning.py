"""plan(analyses) -> Plan: what can go of all runs of a logdir."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.housekeeping.one_run import plan_of_run
from tensorboard_runlens.housekeeping.planned import Plan
from tensorboard_runlens.housekeeping.single_file import Uses
from tensorboard_runlens.housekeeping.starting_points import StartingPoints


def plan(analyses: Sequence[Analysis], linked: frozenset[str] = frozenset()) -> Plan:
    """Only looks. All runs that may have started from a snapshot must be among ``analyses``: others are not known.
    ``linked`` are real paths that links from elsewhere lead to."""
    uses = Uses(StartingPoints(analysis.run for analysis in analyses), linked)
    runs_in = Counter(analysis.run.path for analysis in analyses)
    found = [plan_of_run(analysis, runs_in[analysis.run.path] == 1, uses) for analysis in analyses]
    return Plan(
        tuple(planned for (planned, _) in found if planned),
        tuple(kept for (_, of_run) in found for kept in of_run),
    )
