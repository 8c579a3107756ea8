"""The rule skipped-steps."""

from __future__ import annotations

from tests.rules.machine_trainings import TROUBLES, other_machines, skipping

FIRES = TROUBLES["skipped-steps"]
QUIET = other_machines("skipped-steps")
BORDERS = {
    "share_min": (skipping(lambda row: 10), skipping(lambda row: 9)),
    "share_warning": (skipping(lambda row: 50), skipping(lambda row: 49)),
    "share_critical": (skipping(lambda row: 500), skipping(lambda row: 499)),
    "scale_min": (skipping(lambda row: 0, scale=0.99), skipping(lambda row: 0, scale=1.0)),
    "SEARCH_STEPS": (
        skipping(lambda row: int(1 <= row <= 17), steps=5),
        skipping(lambda row: int(1 <= row <= 16), steps=5),
    ),
}
