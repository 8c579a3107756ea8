"""Which checkpoints can go, and deleting them: epoch snapshots of ended trainings whose best.pt is whole.

What is not known to be such a snapshot stays. Nothing is deleted but what a plan lists, and only as it was
when it was listed.
"""

from __future__ import annotations

from tensorboard_runlens.housekeeping.planned import Kept, Plan, RunPlan, Snapshot
from tensorboard_runlens.housekeeping.planning import plan

__all__ = ["Kept", "Plan", "RunPlan", "Snapshot", "plan"]
