"""Whether a run's folder still holds the training that was seen there, which may have been resumed, or another one."""

from __future__ import annotations

import math
from typing import Optional

from tensorboard_runlens.run import Floats, Run
from tensorboard_runlens.watching.memory import Training

FIRST_VALUES = 12
"""Values of the first epoch that are kept: losses and metrics of a detector."""

TOLERANCE = 1e-3
"""Tables round to five digits, event files to single precision; two trainings differ by more."""


def same_training(known: Optional[Training], run: Run) -> Optional[Training]:
    """What is known of the run's training, a new one where the folder holds another; None while that is not sure.

    A table that lost epochs may be written anew at this moment, so that is believed at the second look only.
    """
    first = _first_values(run)
    if known is None or not _alike(known.first, first):
        return Training(first=first)
    if len(run.history) >= known.epochs:
        (known.shrunk, known.first) = (False, {**first, **known.first})
        return known
    if known.shrunk:
        return Training(first=first)
    known.shrunk = True
    return None


def _first_values(run: Run) -> dict[str, float]:
    history = run.history
    if not len(history):
        return {}
    columns: dict[str, Floats] = {
        **{f"train {name}": values for (name, values) in history.train.items()},
        **{f"val {name}": values for (name, values) in history.val.items()},
        **{
            f"{group} {name}": values
            for (group, named) in history.metrics.items()
            for (name, values) in named.items()
        },
    }
    known = [
        (name, float(values[0])) for (name, values) in columns.items() if math.isfinite(values[0])
    ]
    return {"epoch": float(history.epoch[0]), **dict(known[:FIRST_VALUES])}


def _alike(known: dict[str, float], now: dict[str, float]) -> bool:
    return all(
        math.isclose(known[name], now[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE**2)
        for name in known.keys() & now.keys()
    )
