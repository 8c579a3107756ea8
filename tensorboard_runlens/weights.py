"""Which checkpoint of a run to deploy, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.belonging import ITERATION, iteration_number
from tensorboard_runlens.formats.self_training import FINAL_MODEL
from tensorboard_runlens.signals import Signals

BEST = ("weights/best.pt", "best.pt")
LAST = ("weights/last.pt", "last.pt")


@dataclass(frozen=True)
class Weights:
    """A path relative to the run, None where no checkpoint lies in its folder, and a reason."""

    use: Optional[str]
    why: str


def weights_to_use(signals: Signals) -> Weights:
    """best.pt where there is one: frameworks write it at the epoch of highest fitness."""
    there = signals.run.files.by_role.get("weights", ())
    if signals.run.axis == "iteration":
        return _of_an_iteration(signals, there)
    best = next((name for name in BEST if name in there), None)
    last = next((name for name in LAST if name in there), None)
    if signals.best_row is None or signals.fitness is None:
        return Weights(best or last, "nothing was validated, so no epoch is known to be best")
    which = f"epoch {signals.epoch(signals.best_row)} is best by fitness ({signals.best_by})"
    if best:
        return Weights(best, which)
    if last and signals.best_row == signals.rows - 1:
        return Weights(last, f"{which}, and it is the last one")
    if not signals.keeps_best:
        return Weights(None, which)
    return Weights(None, f"{which}, and its checkpoint is not in this folder")


def kept_before(signals: Signals, row: int) -> Optional[str]:
    """What is kept of a training that broke down at ``row``: the best epoch's weights, if that came before."""
    best = signals.best_row
    if best is None or best >= row:
        return None
    epoch = signals.epoch(best)
    if signals.keeps_best:
        return f"best.pt holds epoch {epoch}, from before"
    return f"epoch {epoch}, from before, was the best"


def _of_an_iteration(signals: Signals, there: Sequence[str]) -> Weights:
    """The model of the best iteration; final_model.pt is the last one's, good or bad."""
    if signals.best_row is None or signals.fitness is None:
        return Weights(None, "no metric was recorded, so no iteration is known to be best")
    best = signals.epoch(signals.best_row)
    which = f"iteration {best} is best by {signals.fitness.formula}"
    own = next((path for path in there if _iteration_of(path) == best), None)
    if own:
        return Weights(own, which)
    if FINAL_MODEL in there and signals.best_row == signals.rows - 1:
        return Weights(FINAL_MODEL, f"{which}, and it is the last one")
    return Weights(None, f"{which}, and its model is not in this folder")


def _iteration_of(path: str) -> Optional[int]:
    folder = path.partition("/")[0]
    return iteration_number(folder) if ITERATION.match(folder) else None
