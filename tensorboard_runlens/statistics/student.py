"""How much wider an interval is whose noise was told by few values."""

from __future__ import annotations

from tensorboard_runlens.statistics.proportion import Z_95

UPPER = 0.975
"""The upper end of an interval that holds 95 % in the middle."""


def wider(free: float) -> float:
    """Student's quantile over the normal one, for so many degrees of freedom (any number above 0)."""
    from scipy.special import stdtrit

    return float(stdtrit(free, UPPER) / Z_95)
