"""How far other validation images of the kind would move a run's metric: mostly both runs' alike."""

from __future__ import annotations

import math
from typing import Optional

from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.statistics.proportion import Z_95

DESIGN_EFFECT = 2
"""Objects of one image are found or missed together: two of them tell as much as one alone (diagnosis.md 5)."""


def half_width(contender: Contender, value: float) -> Optional[float]:
    """Of the 95 % interval of a metric (fraction); None where neither validated objects nor images are known."""
    independent = _independent(contender)
    if not independent:
        return None
    share = min(max(value, 0.0), 1.0)
    return Z_95 * math.sqrt(share * (1 - share) / independent)


def _independent(contender: Contender) -> float:
    data = contender.analysis.signals.data
    counts = [line.instances for line in data.classes]
    if counts and all(count is not None for count in counts):
        return sum(count for count in counts if count) / DESIGN_EFFECT
    return float(data.n_val_images or 0)
