"""How well a share is known from a count."""

from __future__ import annotations

import math

Z_95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(share: float, count: int, z: float = Z_95) -> tuple[float, float]:
    """The 95 % interval of a share (0..1) that was seen in ``count`` cases.

    Wilson's score interval: unlike the normal approximation it stays within 0..1 and holds for few
    cases and for shares near the ends. Raises ValueError for a count below 1 or a share outside 0..1.
    """
    if count < 1 or not 0 <= share <= 1:
        raise ValueError("a share of 0..1 and at least one case are needed")
    shrink = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / shrink
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / shrink
    return (max(centre - half, 0.0), min(centre + half, 1.0))
