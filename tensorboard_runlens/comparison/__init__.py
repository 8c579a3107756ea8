"""Which of two runs is better, by how much, and whether that can be said at all.

Where both validated the same images and every detection is known, images are drawn again (by_images.py). Otherwise
two numbers are known whose noise is not: their difference is stated, and no verdict (by_tables.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison import by_images, by_tables
from tensorboard_runlens.comparison.caveats import caveats
from tensorboard_runlens.comparison.contender import Contender, Difference
from tensorboard_runlens.comparison.validated import pair, validations


def compare(analyses: Mapping[str, Analysis]) -> list[Difference]:
    """Every run, by name, against the first one. Raises ValueError for fewer than two."""
    if len(analyses) < 2:
        raise ValueError("two runs at least are compared")
    (baseline, *others) = (
        Contender(name, analysis, *validations(analysis.run))
        for (name, analysis) in analyses.items()
    )
    return [difference for other in others for difference in _differences(baseline, other)]


def _differences(baseline: Contender, other: Contender) -> list[Difference]:
    """By images if that can be done, otherwise by tables."""
    found = pair(baseline.validations, other.validations)
    damage = (f"{one.file}: {one.problem}" for run in (other, baseline) for one in run.problems)
    doubts = (*caveats(baseline.analysis, other.analysis, found), *damage)
    by_image = list(by_images.differences(other.name, *found, doubts)) if found else []
    return by_image or list(by_tables.differences(baseline, other, doubts))
