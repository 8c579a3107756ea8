"""A word for mAP50, as guide 001 has it: the guide's number, not a verdict of RunLens.

One scale for all data flatters easy data and scolds hard ones, so it may be set in runlens.yaml, and no finding
depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.run import main_group
from tensorboard_runlens.settings import FILE_NAME, GRADES
from tensorboard_runlens.signals.goals import Metrics

BELOW = "needs improvement"
"""What guide 001 calls a model below the last grade."""

GUIDE = "guide 001"
METRIC = "map50"


@dataclass(frozen=True)
class Grade:
    """The name of a grade, the mAP50 that has it, and who says so: guide 001 or runlens.yaml."""

    name: str
    value: float
    source: str


def grade_of(metrics: Metrics, own: Optional[Mapping[str, float]] = None) -> Optional[Grade]:
    """The grade of a run by its metrics at the best epoch; None where no mAP50 was measured."""
    value = metrics.get(main_group(metrics) or "", {}).get(METRIC)
    if value is None or not 0 <= value <= 1:
        return None
    name = next((name for (name, least) in (own or GRADES).items() if value >= least), BELOW)
    return Grade(name, value, FILE_NAME if own else GUIDE)
