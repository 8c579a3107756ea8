"""Another initial learning rate. With optimizer=auto Ultralytics takes a rate of its own and ignores ``lr0``."""

from __future__ import annotations

from typing import Callable, Optional

import numpy as np

from tensorboard_runlens.actions.changes import Change, Changes, Number, number
from tensorboard_runlens.run import Run

AUTO_IGNORES = "optimizer=auto ignores lr0: name an optimizer with it."

RATES = ("lr0", "learning_rate", "lr")
"""What programs call the initial rate."""

AUTO_BORDER = 0.005
"""Between the rates that optimizer=auto takes: at most .002 with AdamW, .01 with SGD."""

BELOW = "AdamW"
ABOVE = "SGD"


def chosen_by_itself(run: Run) -> bool:
    """Whether the framework chose optimizer and learning rate itself."""
    return run.framework == "ultralytics" and run.arguments.get("optimizer") == "auto"


def rate(new: Callable[[Number], Number]) -> Changes:
    """A new initial rate; where the framework chose it, from the highest one logged and with the optimizer's name."""
    stated = number(RATES, new)

    def changes(run: Run) -> list[Change]:
        if not chosen_by_itself(run):
            return stated(run)
        taken = _highest(run)
        if taken is None:
            return []
        optimizer = BELOW if taken < AUTO_BORDER else ABOVE
        return [("lr0", taken, new(taken)), ("optimizer", "auto", optimizer)]

    return changes


def _highest(run: Run) -> Optional[float]:
    """The highest rate logged, of the group that warms up from below: the biases begin above it."""
    peaks = [
        float(np.nanmax(values))
        for values in run.history.lr.values()
        if np.any(np.isfinite(values))
    ]
    known = [peak for peak in peaks if 0 < peak < np.inf]
    return float(f"{min(known):.3g}") if known else None
