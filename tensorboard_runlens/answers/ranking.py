"""Which run comes first in an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.naming import natural
from tensorboard_runlens.run import main_metric


def best_first(analyses: Iterable[Analysis]) -> list[Analysis]:
    """Sorted by the task's main metric, highest first, then by natural name; runs without one come last."""

    def order(analysis: Analysis) -> tuple[float, Any]:
        value = main_value(analysis)
        return (-value if value is not None else math.inf, natural(analysis.run.name))

    return sorted(analyses, key=order)


def main_value(analysis: Analysis) -> Optional[float]:
    """The task's main metric at the best epoch; None where it was not measured."""
    main = main_metric(analysis.run.history.metrics)
    if main is None:
        return None
    return analysis.signals.best_metrics.get(main[0], {}).get(main[1])
