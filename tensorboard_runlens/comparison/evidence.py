"""How strong the evidence of a difference is."""

from __future__ import annotations

from tensorboard_runlens.statistics.proportion import Z_95

Z_POWER = 0.841621
"""Standard normal quantile of 80 %."""

Z_DETECTABLE = Z_95 + Z_POWER
"""Standard errors of a difference that is found in four cases of five."""


def within_fractions(low: float, high: float) -> tuple[float, float]:
    """An interval of a difference of two fractions: it cannot be larger than 1."""
    return (max(low, -1.0), min(high, 1.0))


def verdict_of(interval: tuple[float, float]) -> str:
    """What the 95 % interval of a difference says."""
    if interval[0] <= 0 <= interval[1]:
        return "tie"
    return "better" if interval[0] > 0 else "worse"
