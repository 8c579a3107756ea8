"""The knee of precision over confidence: below it precision drops sharply, above it rises more slowly.

Kneedle (Satopaa et al. 2011): both axes are brought to 0..1, and the knee is where the curve is furthest
above the diagonal. The curve is first made rising by least squares, so that no chance dip is a knee.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.unimodal import falling_fit

LEAST_RISE = 0.05
"""Precision that rises less has no knee worth a mark."""

LEAST_BEND = 0.15
"""Least height above the diagonal; a straight line has 0, a quarter of a circle .41."""


def precision_knee(
    confidence: Floats, precision: Floats, recall: Optional[Floats] = None
) -> Optional[float]:
    """The confidence of the knee, None where there is none; (n,) each, ``confidence`` ascending.

    Where ``recall`` is 0 nothing passes or nothing is right: there the curve says nothing and is left out.
    """
    if recall is not None:
        (confidence, precision) = (one[recall > 0] for one in (confidence, precision))
    if len(confidence) < 3:
        return None
    rising = falling_fit(precision[::-1].tolist())[::-1]
    rise = float(rising[-1] - rising[0])
    if rise < LEAST_RISE:
        return None
    across = (confidence - confidence[0]) / (confidence[-1] - confidence[0])
    above = (rising - rising[0]) / rise - across
    best = int(above.argmax())
    return float(confidence[best]) if above[best] >= LEAST_BEND else None
