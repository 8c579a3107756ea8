"""Series and tables of numbers with the digits of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from tensorboard_runlens.plain_values import SIGNIFICANT_DIGITS, rounded
from tensorboard_runlens.run import Floats


def series(values: Floats) -> list[Optional[float]]:
    """With the digits of an answer; None for each value that is missing or not finite."""
    return [rounded(value) for value in values.tolist()]


def digits(value: float) -> float:
    """A number that is finite by construction."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def rounded_metrics(
    metrics: Mapping[str, Mapping[str, Optional[float]]],
) -> dict[str, dict[str, Optional[float]]]:
    """Metrics by group and name with the digits of an answer."""
    return {
        group: {name: None if value is None else rounded(value) for (name, value) in named.items()}
        for (group, named) in metrics.items()
    }
